"""The words and codes of ONIX that are read: short tags, and the lists as MARC 21 says them.

ONIX for Books 3.0 and 2.1 (EDItEUR, https://www.editeur.org/8/ONIX/); lists 17, 28, 30, 31, 74, 91, 150.
"""

from __future__ import annotations

SHORT = {
    "a001": "recordreference", "a002": "notificationtype", "b221": "productidtype", "b244": "idvalue",
    "b004": "isbn", "b005": "ean13", "b012": "productform", "b333": "productformdetail", "b202": "titletype",
    "x409": "titleelementlevel", "x410": "partnumber", "b030": "titleprefix", "b031": "titlewithoutprefix",
    "b203": "titletext", "b029": "subtitle", "b028": "distinctivetitle", "b034": "sequencenumber",
    "b035": "contributorrole", "b036": "personname", "b037": "personnameinverted", "b039": "namesbeforekey",
    "b040": "keynames", "b047": "corporatename", "b249": "contributorstatement", "x329": "collectiontype",
    "b018": "titleofseries", "b019": "numberwithinseries", "b057": "editionnumber", "b058": "editionstatement",
    "b253": "languagerole", "b252": "languagecode", "b059": "languageoftext", "b060": "originallanguage",
    "b061": "numberofpages", "b218": "extenttype", "b219": "extentvalue", "b220": "extentunit",
    "b067": "subjectschemeidentifier", "b191": "mainsubjectschemeidentifier", "b069": "subjectcode",
    "b070": "subjectheadingtext", "b064": "basicmainsubject", "b065": "bicmainsubject", "b073": "audiencecode",
    "b204": "audiencecodetype", "b206": "audiencecodevalue", "b207": "audiencedescription",
    "b074": "audiencerangequalifier", "b075": "audiencerangeprecision", "b076": "audiencerangevalue",
    "x426": "texttype", "d102": "texttypecode", "d104": "text", "b079": "imprintname", "b081": "publishername",
    "b291": "publishingrole", "b209": "cityofpublication", "b083": "countryofpublication", "b003": "publicationdate",
    "x448": "publishingdaterole", "b306": "date", "b087": "copyrightyear", "j151": "priceamount",
    "j152": "currencycode", "x462": "pricetype", "j148": "pricetypecode", "x315": "measuretype",
    "c093": "measuretypecode", "c094": "measurement", "c095": "measureunitcode", "b014": "productformdescription",
    "b062": "illustrationsnote", "x422": "illustrated",
}  # fmt: skip

ROLES = {
    "A01": ("tác giả", "aut"), "A02": ("tác giả", "aut"), "A06": ("nhạc", "cmp"), "A07": ("minh họa", "art"),
    "A10": ("ý tưởng", "cre"), "A12": ("minh họa", "ill"), "A13": ("ảnh", "pht"), "A14": ("lời", "aut"),
    "A15": ("lời tựa", "aui"), "A19": ("lời bạt", "aft"), "A22": ("lời kết", "aft"), "A23": ("lời tựa", "aui"),
    "A24": ("giới thiệu", "aui"), "A35": ("minh họa", "ill"), "A36": ("trình bày bìa", "cov"),
    "A38": ("nguyên tác", "ant"), "B01": ("biên soạn", "edt"), "B02": ("biên soạn", "edt"),
    "B03": ("phóng tác", "adp"), "B04": ("lược thuật", "abr"), "B05": ("phóng tác", "adp"), "B06": ("dịch", "trl"),
    "B08": ("dịch", "trl"), "B09": ("chủ biên tùng thư", "edt"), "B11": ("chủ biên", "edt"),
    "C01": ("biên soạn", "com"), "C02": ("tuyển chọn", "com"), "E07": ("đọc", "nrt"), "E03": ("kể", "nrt"),
}  # fmt: skip

AUDIENCES = {
    "01": ("g", "Phổ thông"), "02": ("j", "Thiếu nhi"), "03": ("d", "Tuổi mới lớn"), "04": ("j", "Học sinh phổ thông"),
    "05": ("f", "Đại học"), "06": ("f", "Chuyên ngành"), "07": ("g", "Học ngoại ngữ"), "08": ("e", "Học tập người lớn"),
    "09": ("g", "Học ngôn ngữ thứ hai"), "11": ("a", "Mầm non"), "12": ("b", "Tiểu học"),
    "13": ("c", "Trung học cơ sở"), "14": ("d", "Trung học phổ thông"),
}  # fmt: skip

FORMS = {
    "BA": "sách", "BB": "bìa cứng", "BC": "bìa mềm", "BD": "tờ rời", "BE": "gáy xoắn", "BF": "sách mỏng",
    "BG": "bìa da", "BH": "bìa bồi", "BI": "sách vải", "AC": "CD âm thanh", "AJ": "âm thanh tải về",
    "AN": "âm thanh trực tuyến", "DG": "sách điện tử", "EA": "sách điện tử", "EB": "sách điện tử",
    "EC": "sách điện tử", "ED": "sách điện tử", "VI": "DVD", "ZE": "trò chơi",
}  # fmt: skip

SCHEMES = {"10": "bisacsh", "12": "bicssc", "93": "thema", "94": "thema", "26": "wgs"}
COUNTRIES = {
    "VN": "vm", "PL": "pl", "US": "xxu", "GB": "xxk", "FR": "fr", "DE": "gw", "RU": "ru", "CN": "cc", "JP": "ja",
    "KR": "ko", "IT": "it", "ES": "sp", "BE": "be", "CH": "sz", "CA": "xxc", "AU": "at", "NL": "ne", "AT": "au",
    "LA": "ls", "KH": "cb", "TH": "th", "SG": "si", "IN": "ii", "PT": "po", "RO": "rm", "CZ": "xr", "HU": "hu",
    "SE": "sw", "NO": "no", "DK": "dk", "FI": "fi", "GR": "gr", "TR": "tu", "UA": "un", "BR": "bl", "MX": "mx",
    "AR": "ag", "TN": "ti", "DZ": "ae", "MA": "mr", "SN": "sg", "LU": "lu", "IE": "ie", "HR": "ci", "RS": "rb",
}  # fmt: skip
