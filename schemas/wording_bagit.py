"""The sentences of what is wrong with BagIt packages (see :mod:`schemas.bagit`)."""

SENTENCES: dict[str, dict[str, str]] = {
    "bag_zip": {
        "vi": "Không dùng được tệp ZIP này: {detail}. Tệp hỏng, có mật khẩu, hoặc bung ra quá lớn.",
        "en": "This ZIP cannot be used: {detail}. It is damaged, has a password, or unpacks to too much.",
    },
    "bag_declaration": {
        "vi": "Không phải gói BagIt: bagit.txt thiếu hoặc sai ({detail}). Tệp phải có đúng hai dòng BagIt-"
        "Version và Tag-File-Character-Encoding.",
        "en": "This is no BagIt package: bagit.txt is missing or wrong ({detail}). It has exactly two lines, "
        "BagIt-Version and Tag-File-Character-Encoding.",
    },
    "bag_files": {
        "vi": "Gói có hơn {most} tệp. Hãy chia thành nhiều gói.",
        "en": "The bag has more than {most} files. Divide it.",
    },
    "bag_twice": {
        "vi": "Gói có hai tệp cùng tên «{name}». Hãy làm lại gói.",
        "en": "The bag has two files of the name “{name}”. Make it again.",
    },
    "bag_name": {
        "vi": "Tên «{name}» dẫn ra ngoài gói hoặc không dùng được. Hãy đổi tên rồi làm lại gói.",
        "en": "The name “{name}” leads out of the bag or cannot be used. Rename the file and make the bag again.",
    },
    "bag_case": {
        "vi": "Có hai tệp chỉ khác nhau chữ hoa chữ thường: «{name}». Trên Windows và macOS chúng là một.",
        "en": "Two files differ in capitals only: “{name}”. On Windows and macOS they are one.",
    },
    "bag_system": {
        "vi": "«{name}» là tệp của hệ điều hành hoặc tên riêng của Windows. Nên bỏ ra trước khi làm gói.",
        "en": "“{name}” is a file of an operating system or a name that Windows reserves. Leave it out of the bag.",
    },
    "bag_tag_file": {
        "vi": "Không đọc được tệp «{name}» của gói: {detail}. Hãy xem bảng mã ghi trong bagit.txt.",
        "en": "The file “{name}” of the bag cannot be read: {detail}. See the encoding that bagit.txt names.",
    },
    "bag_info": {
        "vi": "Dòng «{line}» của bag-info.txt không có dạng «Nhãn: giá trị».",
        "en": "The line “{line}” of bag-info.txt is not “Label: value”.",
    },
    "bag_fetch": {
        "vi": "Gói có fetch.txt, tức là một phần nằm ở nơi khác. Hệ thống không tải gì theo đó.",
        "en": "The bag has a fetch.txt: a part of it is elsewhere. Nothing is fetched.",
    },
    "bag_fetch_line": {
        "vi": "Dòng «{line}» của fetch.txt sai. Mỗi dòng gồm địa chỉ, độ dài và tên bắt đầu bằng data/.",
        "en": "The line “{line}” of fetch.txt is wrong. Each has an address, a length and a name that begins "
        "with data/.",
    },
    "bag_algorithm": {
        "vi": "«{name}» dùng thuật toán chưa biết. Hãy dùng sha256 hoặc sha512.",
        "en": "“{name}” uses an algorithm that is not known. Use sha256 or sha512.",
    },
    "bag_no_manifest": {
        "vi": "Gói không có bảng kê (manifest-….txt) nào dùng được.",
        "en": "The bag has no manifest (manifest-….txt) that can be used.",
    },
    "bag_line": {
        "vi": "Dòng «{line}» của {manifest} không phải «mã kiểm tra  tên tệp».",
        "en": "The line “{line}” of {manifest} is not “checksum  name”.",
    },
    "bag_two_sums": {
        "vi": "{manifest} ghi hai mã kiểm tra khác nhau cho «{name}».",
        "en": "{manifest} gives two different checksums for “{name}”.",
    },
    "bag_listed_twice": {
        "vi": "{manifest} ghi «{name}» hai lần.",
        "en": "{manifest} lists “{name}” twice.",
    },
    "bag_star": {
        "vi": "{manifest} ghi dấu * trước tên tệp, như md5sum. Nên bỏ.",
        "en": "{manifest} has a * before names, as md5sum writes it. Better leave it out.",
    },
    "bag_relative": {
        "vi": "{manifest} ghi «{name}» bắt đầu bằng ./. Nên bỏ.",
        "en": "{manifest} has “{name}” with ./ before it. Better leave it out.",
    },
    "bag_outside": {
        "vi": "{manifest} ghi «{name}», không nằm trong phần của bảng kê ấy. Hãy làm lại gói.",
        "en": "{manifest} lists “{name}”, which is not in its part of the bag. Make the bag again.",
    },
    "bag_form": {
        "vi": "{manifest} ghi «{name}» bằng dạng Unicode khác với tên tệp.",
        "en": "{manifest} writes “{name}” in another Unicode form than the file's.",
    },
    "bag_missing": {
        "vi": "{manifest} ghi «{name}» nhưng trong gói không có. Hãy gửi lại gói đủ tệp.",
        "en": "{manifest} lists “{name}”, which is not in the bag. Send the bag again with all its files.",
    },
    "bag_unlisted": {
        "vi": "«{name}» có trong gói nhưng không được ghi đủ trong các bảng kê. Hãy làm lại gói.",
        "en": "“{name}” is in the bag and not in its manifests as it must be. Make the bag again.",
    },
    "bag_sum": {
        "vi": "Mã {algorithm} của «{name}» không khớp: tệp đã đổi hoặc hỏng trên đường. Hãy gửi lại.",
        "en": "The {algorithm} of “{name}” does not match: the file was changed or damaged on the way. Send it again.",
    },
    "bag_oxum": {
        "vi": "bag-info.txt ghi Payload-Oxum {said} nhưng gói có {here}. Hãy gửi lại gói.",
        "en": "bag-info.txt says Payload-Oxum {said} and the bag has {here}. Send the bag again.",
    },
}
