<?xml version="1.0" encoding="UTF-8"?>
<!-- Shows an answer of OAI-PMH to a person: only text of the answer, links only to this host and to http(s). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:oai="http://www.openarchives.org/OAI/2.0/" xmlns:marc="http://www.loc.gov/MARC21/slim" exclude-result-prefixes="oai marc">
  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>
  <xsl:variable name="base" select="/oai:OAI-PMH/oai:request"/>
  <xsl:variable name="prefix">
    <xsl:choose>
      <xsl:when test="/oai:OAI-PMH/oai:request/@metadataPrefix"><xsl:value-of select="/oai:OAI-PMH/oai:request/@metadataPrefix"/></xsl:when>
      <xsl:otherwise>oai_dc</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <xsl:template match="/oai:OAI-PMH">
    <html lang="vi">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>OAI-PMH · <xsl:value-of select="oai:request/@verb"/></title>
        <link rel="stylesheet" href="/static/lienthong.css"/>
      </head>
      <body>
        <main id="main" class="wide">
          <h1>OAI-PMH<xsl:if test="oai:request/@verb"> · <xsl:value-of select="oai:request/@verb"/></xsl:if></h1>
          <p>Trang này dành cho phần mềm thu hoạch; dưới đây là câu trả lời để người đọc. <span lang="en">This address is for harvesting software; below is its answer for people to read.</span></p>
          <nav aria-label="OAI-PMH">
            <ul>
              <li><a href="{$base}?verb=Identify">Identify</a></li>
              <li><a href="{$base}?verb=ListSets">ListSets</a></li>
              <li><a href="{$base}?verb=ListMetadataFormats">ListMetadataFormats</a></li>
              <li><a href="{$base}?verb=ListRecords&amp;metadataPrefix=oai_dc">ListRecords (oai_dc)</a></li>
              <li><a href="{$base}?verb=ListRecords&amp;metadataPrefix=marcxml">ListRecords (marcxml)</a></li>
            </ul>
          </nav>
          <p><xsl:value-of select="oai:request"/> · <xsl:value-of select="oai:responseDate"/></p>
          <xsl:apply-templates select="oai:error|oai:Identify|oai:ListSets|oai:ListMetadataFormats|oai:GetRecord|oai:ListRecords|oai:ListIdentifiers"/>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="oai:error">
    <p role="alert"><strong><xsl:value-of select="@code"/></strong>: <xsl:value-of select="."/></p>
  </xsl:template>

  <xsl:template match="oai:Identify">
    <dl>
      <xsl:for-each select="*[not(self::oai:description)]">
        <dt><xsl:value-of select="local-name()"/></dt><dd><xsl:value-of select="."/></dd>
      </xsl:for-each>
      <xsl:for-each select="oai:description//*[not(*)]">
        <dt><xsl:value-of select="local-name()"/></dt><dd><xsl:call-template name="said"/></dd>
      </xsl:for-each>
    </dl>
  </xsl:template>

  <xsl:template match="oai:ListSets">
    <table>
      <thead><tr><th scope="col">setSpec</th><th scope="col">setName</th></tr></thead>
      <tbody>
        <xsl:for-each select="oai:set">
          <tr>
            <td><a href="{$base}?verb=ListIdentifiers&amp;metadataPrefix=oai_dc&amp;set={oai:setSpec}"><xsl:value-of select="oai:setSpec"/></a></td>
            <td><xsl:value-of select="oai:setName"/></td>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </xsl:template>

  <xsl:template match="oai:ListMetadataFormats">
    <ul><xsl:for-each select="oai:metadataFormat"><li><xsl:value-of select="oai:metadataPrefix"/> · <xsl:value-of select="oai:metadataNamespace"/></li></xsl:for-each></ul>
  </xsl:template>

  <xsl:template match="oai:GetRecord|oai:ListRecords|oai:ListIdentifiers">
    <xsl:for-each select="oai:record|oai:header">
      <article>
        <xsl:apply-templates select="descendant-or-self::oai:header"/>
        <xsl:apply-templates select="oai:metadata/*"/>
        <xsl:for-each select="oai:about">
          <p><xsl:for-each select=".//*[not(*)]"><xsl:value-of select="local-name()"/>: <xsl:value-of select="."/><xsl:text> · </xsl:text></xsl:for-each></p>
        </xsl:for-each>
      </article>
    </xsl:for-each>
    <xsl:for-each select="oai:resumptionToken">
      <p>
        <xsl:if test="@completeListSize"><xsl:value-of select="@completeListSize"/> biểu ghi · records. </xsl:if>
        <xsl:if test="string(.)"><a href="{$base}?verb={local-name(..)}&amp;resumptionToken={.}">Trang sau · Next page</a></xsl:if>
      </p>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="oai:header">
    <h2><a href="{$base}?verb=GetRecord&amp;metadataPrefix={$prefix}&amp;identifier={oai:identifier}"><xsl:value-of select="oai:identifier"/></a></h2>
    <p>
      <xsl:value-of select="oai:datestamp"/>
      <xsl:if test="@status = 'deleted'"><strong> · đã xóa · deleted</strong></xsl:if>
      <xsl:for-each select="oai:setSpec"> · <xsl:value-of select="."/></xsl:for-each>
    </p>
  </xsl:template>

  <xsl:template match="marc:record">
    <table>
      <tbody>
        <xsl:for-each select="marc:controlfield"><tr><th scope="row"><xsl:value-of select="@tag"/></th><td/><td><xsl:value-of select="."/></td></tr></xsl:for-each>
        <xsl:for-each select="marc:datafield">
          <tr>
            <th scope="row"><xsl:value-of select="@tag"/></th>
            <td><xsl:value-of select="translate(concat(@ind1, @ind2), ' ', '#')"/></td>
            <td><xsl:for-each select="marc:subfield">$<xsl:value-of select="@code"/><xsl:text> </xsl:text><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each></td>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </xsl:template>

  <xsl:template match="oai:metadata/*" priority="-1">
    <dl>
      <xsl:for-each select=".//*[not(*)]">
        <dt><xsl:value-of select="local-name()"/></dt><dd><xsl:call-template name="said"/></dd>
      </xsl:for-each>
    </dl>
  </xsl:template>

  <xsl:template name="said">
    <xsl:choose>
      <xsl:when test="starts-with(., 'https://') or starts-with(., 'http://')"><a href="{.}" rel="noopener nofollow"><xsl:value-of select="."/></a></xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
