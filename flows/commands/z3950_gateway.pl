#!/usr/bin/perl
# Z39.50 in front of our SRU server: the gateway Simple2ZOOM of Index Data, held to it.
# Used as: z3950_gateway.pl CONFIGURATION [options of the YAZ frontend server] tcp:HOST:PORT

use strict;
use warnings;
use Net::Z3950::Simple2ZOOM;

my $config = shift @ARGV or die "Which configuration?\n";
my $to_cql = \&Net::Z3950::RPN::Term::_toCQL;
$Net::Z3950::Simple2ZOOM::TIME = 0;

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
        utf8::downgrade($cql);    # names from the configuration make Perl take the bytes of a term for Latin-1
        return $cql;
    };
}

Net::Z3950::Simple2ZOOM->new($config)->launch_server('lienthong-z3950', @ARGV);
