#!/usr/bin/perl
# Z39.50 in front of our SRU server: the gateway Simple2ZOOM of Index Data, held to it.
# Used as: z3950_gateway.pl CONFIGURATION [options of the YAZ frontend server] tcp:HOST:PORT

use strict;
use warnings;
use Net::Z3950::Simple2ZOOM;

my $config = shift @ARGV or die "Which configuration?\n";
my $to_cql = \&Net::Z3950::RPN::Term::_toCQL;
$Net::Z3950::Simple2ZOOM::TIME = 0;
$SIG{__WARN__} = sub {    # what people search for is kept by nobody
    print STDERR $_[0] unless $_[0] =~ /^(?:search|scan|sort): |^Requesting schema|^Found database/;
};

{
    no warnings 'redefine';

    # A client may not send the gateway to servers of its own choice ("cfg:address=...").
    *Net::Z3950::Simple2ZOOM::_extract_config = sub { Net::Z3950::Simple2ZOOM::_throw(235, $_[1]) };

    # What is typed is text: of a term only the truncation its attributes ask for becomes part of CQL.
    *Net::Z3950::RPN::Term::_toCQL = sub {
        my ($self, @rest) = @_;
        my $masked = grep { $_->{attributeType} == 5 && $_->{attributeValue} > 100 } @{ $self->{attributes} };
        my $term = $self->{term};
        $term =~ s/([\\"^])/\\$1/g;
        $term =~ s/([*?])/\\$1/g unless $masked;
        $term =~ s/[()<>]/ /g;
        local $self->{term} = $term;
        my $cql = $to_cql->($self, @rest);
        utf8::downgrade($cql, 1) or utf8::encode($cql);    # names from the configuration make Perl take the bytes of a term for Latin-1
        return $cql;
    };

    # The library beneath Simple2ZOOM does not scan by SRU.
    *Net::Z3950::Simple2ZOOM::_real_scan_handler = sub {
        my ($args) = @_;
        my (undef, $database) = Net::Z3950::Simple2ZOOM::_extract_database($args);
        my $most = $args->{NUMBER} > 100 ? 100 : $args->{NUMBER};
        my $address = URI->new($database->{zurl});
        $address->query_form(
            version          => '1.1',
            operation        => 'scan',
            scanClause       => $args->{RPN}->_toCQL($args, '1.2.840.10003.3.1'),
            responsePosition => $args->{POS},
            maximumTerms     => $most,
        );
        my $answer = LWP::UserAgent->new(timeout => 30, max_size => 1_000_000)->get($address);
        Net::Z3950::Simple2ZOOM::_throw(109, $answer->status_line) if !$answer->is_success;
        my $root = XML::LibXML->load_xml(string => $answer->content, no_network => 1)->documentElement;
        if (my ($wrong) = $root->findnodes('.//*[local-name() = "diagnostic"]')) {
            my ($number) = $wrong->findvalue('*[local-name() = "uri"]') =~ m{/(\d+)$};
            my $code = Net::Z3950::SimpleServer::yaz_diag_srw_to_bib1($number || 1);
            Net::Z3950::Simple2ZOOM::_throw($code, $wrong->findvalue('*[local-name() = "details"]'));
        }
        my @entries;
        for my $term ($root->findnodes('.//*[local-name() = "term"]')) {
            my $value = $term->findvalue('*[local-name() = "value"]');
            utf8::encode($value);
            push @entries, { TERM => $value, OCCURRENCE => $term->findvalue('*[local-name() = "numberOfRecords"]') };
        }
        $args->{STATUS} =
            @entries == $args->{NUMBER}
            ? Net::Z3950::SimpleServer::ScanSuccess()
            : Net::Z3950::SimpleServer::ScanPartial();
        $args->{NUMBER}  = @entries;
        $args->{ENTRIES} = \@entries;
    };
}

Net::Z3950::Simple2ZOOM->new($config)->launch_server('lienthong-z3950', @ARGV);
