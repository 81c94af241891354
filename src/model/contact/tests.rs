//! Tables for contact normalisation, and properties of cleaning and masking.

use super::*;
use proptest::prelude::*;

fn cn(raw: &str) -> PhoneKey {
    phone(raw, CountryCode::CN)
}

#[test]
fn chinese_mobiles_in_many_spellings_have_one_form() {
    let spellings = [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "(138)00138000",
        "+86 138-0013-8000",
        "+8613800138000",
        "0086 138 0013 8000",
        "008613800138000",
        "8613800138000",
        "86-13800138000",
        "１３８００１３８０００",
        "＋86 138 0013 8000",
        "p:+8613800138000",
        "p:13800138000",
        "tel:13800138000",
        "TEL: 138-0013-8000",
        "tel:+86-138-0013-8000",
        "Tel.13800138000",
        "手机：13800138000",
        "手机号:138 0013 8000",
        "电话：13800138000",
        "Mobile: 13800138000",
        "'13800138000",
        "=\"13800138000\"",
        "\"13800138000\"",
        "13800138000.0",
        " 13800138000 ",
        "\u{200B}138\u{200B}00138000",
        "\u{202D}13800138000\u{202C}",
        "138\u{2011}0013\u{2011}8000",
        "138–0013–8000",
        "138\u{A0}0013\u{A0}8000",
        "138.0013.8000",
        "(+86)13800138000",
        "(+86) 138 0013 8000",
        "+86(138)00138000",
        "١٣٨٠٠١٣٨٠٠٠",
        "१३८००१३८०००",
        "whatsapp: +8613800138000",
        "m: 13800138000",
    ];
    for raw in spellings {
        let key = cn(raw);
        assert_eq!(key.e164.as_deref(), Some("+8613800138000"), "{raw:?} gave {key:?}");
        assert_eq!(key.identity(), Some("+8613800138000"), "{raw:?}");
        assert!(!key.shared && key.ext.is_none() && key.fault.is_none(), "{raw:?} gave {key:?}");
    }
}

#[test]
fn extensions_and_hotlines_are_valid_but_shared() {
    let table = [
        ("13800138000转801", "+8613800138000", Some("801")),
        ("010-12345678转801", "+861012345678", Some("801")),
        ("010-62345678 转 801", "+861062345678", Some("801")),
        ("010-62345678分机801", "+861062345678", Some("801")),
        ("010-62345678转分机801", "+861062345678", Some("801")),
        ("010-62345678 分机号：801", "+861062345678", Some("801")),
        ("010-62345678 ext 12", "+861062345678", Some("12")),
        ("010-62345678 ext. 12", "+861062345678", Some("12")),
        ("010-62345678 extension 12", "+861062345678", Some("12")),
        ("010-62345678 x12", "+861062345678", Some("12")),
        ("010-62345678x12", "+861062345678", Some("12")),
        ("010-62345678#12", "+861062345678", Some("12")),
        ("010-62345678-801", "+861062345678", Some("801")),
        ("021-62345678-8001", "+862162345678", Some("8001")),
        ("０１０－６２３４５６７８转８０１", "+861062345678", Some("801")),
        ("tel:+86-10-62345678;ext=801", "+861062345678", Some("801")),
        ("400-820-8820", "+864008208820", None),
        ("4008208820", "+864008208820", None),
        ("400-820-8820转5", "+864008208820", Some("5")),
        ("400-820-8820-123", "+864008208820", Some("123")),
        ("+86 400 820 8820", "+864008208820", None),
        ("800-820-8820", "+868008208820", None),
        ("8008208820", "+868008208820", None),
    ];
    for (raw, e164, ext) in table {
        let key = cn(raw);
        assert_eq!(key.e164.as_deref(), Some(e164), "{raw:?} gave {key:?}");
        assert_eq!(key.ext.as_deref(), ext, "{raw:?}");
        assert!(key.shared, "{raw:?}");
        assert_eq!(key.identity(), None, "{raw:?}");
    }
    for (raw, home, e164) in [
        ("1-800-356-9377", "US", "+18003569377"),
        ("(888) 555-1212", "US", "+18885551212"),
        ("0800 123 4567", "GB", "+448001234567"),
        ("+1 800 356 9377", "CN", "+18003569377"),
    ] {
        let key = phone(raw, home.parse().unwrap());
        assert_eq!(key.e164.as_deref(), Some(e164), "{raw}: {key:?}");
        assert!(key.shared, "{raw}");
    }
}

#[test]
fn landlines_and_foreign_numbers() {
    let table = [
        ("010-62345678", "CN", "+861062345678"),
        ("01062345678", "CN", "+861062345678"),
        ("(010)62345678", "CN", "+861062345678"),
        ("（010）62345678", "CN", "+861062345678"),
        ("0755-26012345", "CN", "+8675526012345"),
        ("座机：0571-87654321", "CN", "+8657187654321"),
        ("+86 755 2601 2345", "CN", "+8675526012345"),
        ("660-485-0224", "US", "+16604850224"),
        ("(660) 485-0224", "US", "+16604850224"),
        ("1 660 485 0224", "US", "+16604850224"),
        ("+1 660-485-0224", "CN", "+16604850224"),
        ("001 660 485 0224", "CN", "+16604850224"),
        ("011 44 20 7946 0018", "US", "+442079460018"),
        ("+44 (0)20 7946 0018", "CN", "+442079460018"),
        ("+44 020 7946 0018", "CN", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+39 06 698 12345", "CN", "+390669812345"),
        ("+852 5123 4567", "CN", "+85251234567"),
        ("+7 912 345-67-89", "CN", "+79123456789"),
        ("8 912 345-67-89", "RU", "+79123456789"),
        ("+55 11 96123-4567", "CN", "+5511961234567"),
        ("+49 1512 3456789", "CN", "+4915123456789"),
        ("+81 90-1234-5678", "CN", "+819012345678"),
        ("+65 8123 4567", "CN", "+6581234567"),
    ];
    for (raw, home, e164) in table {
        let key = phone(raw, home.parse().unwrap());
        assert_eq!(key.e164.as_deref(), Some(e164), "{raw:?} in {home}: {key:?}");
        assert_eq!(key.identity(), Some(e164), "{raw:?}");
    }
}

#[test]
fn destroyed_and_impossible_numbers_get_no_key() {
    use PhoneFault::*;
    let table = [
        ("1.38E+10", Damaged),
        ("1.38001E+10", Damaged),
        ("1.38e10", Damaged),
        ("1,38E+10", Damaged),
        ("1E+10", Damaged),
        ("'1.38E+10", Damaged),
        ("1.3800138E10", Damaged),
        ("#####", Damaged),
        ("#VALUE!", Damaged),
        ("#REF!", Damaged),
        ("", Empty),
        ("   ", Empty),
        ("N/A", Empty),
        ("-", Empty),
        ("null", Empty),
        ("\u{200B}", Empty),
        ("—", Empty),
        ("无", NotANumber),
        ("未填写", NotANumber),
        ("see note", NotANumber),
        ("<test lead: dummy data for phone_number>", NotANumber),
        ("call me maybe 12345678", NotANumber),
        ("138****8000", NotANumber),
        ("a@b.com", NotANumber),
        ("微信同号", NotANumber),
        ("1380013800", Invalid),
        ("138001380001", Invalid),
        ("12345", Invalid),
        ("00000000000", Invalid),
        ("12", Invalid),
        ("11111111111", Invalid),
        ("+999 123456789", Invalid),
        ("13800138000139001390001380013", Invalid),
        ("+15550100002", Invalid),
        ("62345678", Invalid),
    ];
    for (raw, fault) in table {
        let key = cn(raw);
        assert_eq!((key.e164.as_deref(), key.fault), (None, Some(fault)), "{raw:?}: {key:?}");
        assert_eq!(key.identity(), None);
    }
    assert!(cn("1.38E+10").damaged());
    let two = cn("13800138000 / 13900139000");
    assert_eq!((two.e164.as_deref(), two.several), (Some("+8613800138000"), true));
}

#[test]
fn countries_parse() {
    assert_eq!("cn".parse(), Ok(CountryCode::CN));
    assert_eq!(" US ".parse(), Ok(CountryCode::US));
    for bad in ["", "C", "CHN", "QQ", "86", "中国"] {
        assert!(bad.parse::<CountryCode>().is_err(), "{bad}");
    }
}

#[test]
fn mail_addresses() {
    let table = [
        ("GaryLDenson@cuvox.de", "garyldenson@cuvox.de", false),
        ("  A.B@Example.COM ", "a.b@example.com", false),
        ("a.b+tag@example.com", "a.b+tag@example.com", false),
        ("A.B+tag@gmail.com", "ab@gmail.com", false),
        ("a.b@googlemail.com", "ab@gmail.com", false),
        ("mailto:x@example.com", "x@example.com", false),
        ("王芳 <wang@example.cn>", "wang@example.cn", false),
        ("\"Wang\" <wang@example.cn>", "wang@example.cn", false),
        ("ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｎ", "wang@example.cn", false),
        ("wang@example。cn", "wang@example.cn", false),
        ("wang@example.cn.", "wang@example.cn", false),
        ("wa\u{200B}ng@example.cn", "wang@example.cn", false),
        ("123456@qq.com", "123456@qq.com", false),
        ("张三@例子.公司", "张三@例子.公司", false),
        ("info@example.com", "info@example.com", true),
        ("Sales@Example.com", "sales@example.com", true),
        ("sales+web@example.com", "sales+web@example.com", true),
        ("no-reply@example.com", "no-reply@example.com", true),
        ("support@example.com", "support@example.com", true),
        ("kefu@example.cn", "kefu@example.cn", true),
        ("information.desk@example.com", "information.desk@example.com", false),
    ];
    for (raw, canonical, shared) in table {
        assert_eq!(email(raw), Some(EmailKey { canonical: canonical.into(), shared }), "{raw:?}");
    }
    for bad in [
        "",
        "x",
        "x@",
        "@x.com",
        "x@com",
        "a b@x.com",
        "x@y@z.com",
        "x@-a.com",
        "x@a..com",
        ".x@a.com",
        "x.@a.com",
        "a..b@x.com",
        "x@1.2.3.4",
        "n/a",
        "x@a.c",
        "13800138000",
        "+@gmail.com",
        "x@a_b.com",
    ] {
        assert_eq!(email(bad), None, "{bad:?}");
    }
}

#[test]
fn wechat_ids() {
    for (raw, id) in [
        ("zhangwuji", "zhangwuji"),
        ("ZhangWuji", "zhangwuji"),
        ("微信：shisan", "shisan"),
        ("微信号: wx_id-01", "wx_id-01"),
        ("wechat: abcdef", "abcdef"),
        ("wx:abcdef", "abcdef"),
        ("vx：abcdef", "abcdef"),
        ("13800138000", "13800138000"),
        ("378278347", "378278347"),
        ("ｓｈｉｓａｎ", "shisan"),
        ("weixinpeople", "weixinpeople"),
    ] {
        assert_eq!(wechat(raw).as_deref(), Some(id), "{raw:?}");
    }
    for bad in [
        "",
        "同手机号",
        "same as phone",
        "abc",
        "1abcdef",
        "a@b.com",
        "n/a",
        "138001380001380",
        "a23456789012345678901",
    ] {
        assert_eq!(wechat(bad), None, "{bad:?}");
    }
}

#[test]
fn company_cores() {
    for (raw, core) in [
        ("上海华为技术有限公司", "华为技术"),
        ("上海市华为技术有限公司", "华为技术"),
        ("华为技术有限公司（上海）", "华为技术"),
        ("华为技术（深圳）有限公司", "华为技术"),
        ("深圳市腾讯计算机系统有限公司", "腾讯计算机系统"),
        ("腾讯科技(深圳)有限公司", "腾讯科技"),
        ("广东省广州市明德教育咨询有限责任公司", "明德教育咨询"),
        ("阿里巴巴（中国）网络技术有限公司", "阿里巴巴网络技术"),
        ("联想集团", "联想"),
        ("联想集团有限公司", "联想"),
        ("北京字节跳动科技股份有限公司", "字节跳动科技"),
        ("內蒙古蒙牛乳業集團股份有限公司", "蒙牛乳业"),
        ("臺灣積體電路製造股份有限公司", "积体电路制造"),
        ("新疆维吾尔自治区某某贸易有限公司", "某某贸易"),
        ("ＡＢＣ　Ｃｏ．，　Ｌｔｄ．", "abc"),
        ("Acme Corporation", "acme"),
        ("Acme, Inc.", "acme"),
        ("ACME GmbH & Co. KG", "acme"),
        ("Acme Holdings LLC", "acme"),
        ("Shanghai Acme Trading Co., Ltd.", "acme trading"),
        ("China Mobile Ltd", "mobile"),
        ("Usability Inc", "usability"),
        ("Maurice The Pants Man", "maurice the pants man"),
        ("上海", "上海"),
        ("有限公司", "有限公司"),
        ("上海市", "上海市"),
        ("(上海)", "上海"),
        ("", ""),
    ] {
        assert_eq!(company_core(raw), core, "{raw:?}");
    }
}

#[test]
fn company_similarity_separates_what_jaro_winkler_does_not() {
    let like = |a: &str, b: &str| company_similarity_milli(&company_core(a), &company_core(b));
    assert_eq!(like("上海华为技术有限公司", "上海华威技术有限公司"), 200);
    assert_eq!(like("广州明德教育咨询有限公司", "广州明达教育咨询有限公司"), 428);
    assert_eq!(like("上海华为技术有限公司", "华为技术（上海）有限公司"), 1000);
    assert!(like("深圳市腾讯计算机系统有限公司", "腾讯科技(深圳)有限公司") < 300);
    assert_eq!(like("Acme Inc.", "ACME, LLC"), 1000);
    assert_eq!(company_similarity_milli("", ""), 0);
    assert_eq!(company_similarity_milli("a", "b"), 0);
    assert!(company_similarity_milli("abab", "ababab") < 1000);
}

#[test]
fn cleaning_table() {
    for (raw, clean) in [
        ("  a \t b\r\nc ", "a b c"),
        ("a\u{1B}[2Jb", "a[2Jb"),
        ("a\u{202E}b\u{2066}c\u{200F}", "abc"),
        ("a\u{2028}b", "a b"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("e\u{200D}\u{301}", "é"),
        ("x\u{FE0F}\u{E0041}y", "xy"),
        ("\u{FEFF}bom", "bom"),
        ("soft\u{AD}hyphen", "softhyphen"),
        ("\u{3164}\u{115F}", ""),
        ("nul\0inside", "nulinside"),
        ("keep \u{FFFD}", "keep \u{FFFD}"),
    ] {
        assert_eq!(clean_text(raw), clean, "{raw:?}");
    }
    let stacked = format!("a{}", "\u{301}\u{302}".repeat(40));
    assert!(clean_text(&stacked).chars().count() <= MAX_GRAPHEME_CHARS);
    assert_eq!(clean_text(&"长".repeat(9_000)).chars().count(), MAX_TEXT_CHARS);
}

#[test]
fn masks() {
    for (raw, masked) in [
        ("+8613800138000", "138****8000"),
        ("13800138000", "138****8000"),
        ("138-0013-8000", "138****8000"),
        ("+442079460018", "+4420*****018"),
        ("6604850224", "660****224"),
        ("1234", "****"),
        ("123456", "****56"),
        ("12345678", "12****78"),
        ("", ""),
        ("no digits", "****"),
    ] {
        assert_eq!(mask_phone(raw), masked, "{raw:?}");
    }
    for (raw, masked) in [
        ("zhang@example.com", "z***@example.com"),
        ("z@example.com", "***@example.com"),
        ("nope", "***"),
        ("", ""),
        ("张三@example.com", "张***@example.com"),
    ] {
        assert_eq!(mask_email(raw), masked, "{raw:?}");
    }
}

#[test]
fn hashes_differ_by_kind_and_secret() {
    let (a, b) = ([1_u8; 16], [2_u8; 16]);
    let one = hash_key(&a, KeyKind::Phone, "13800138000");
    assert_eq!(one, hash_key(&a, KeyKind::Phone, "13800138000"));
    assert_ne!(one, hash_key(&a, KeyKind::Wechat, "13800138000"));
    assert_ne!(one, hash_key(&b, KeyKind::Phone, "13800138000"));
}

#[test]
fn the_traditional_table_is_made_of_pairs() {
    assert_eq!(company_core("國際貿易"), "国际贸易");
    assert_eq!(company_core("財務"), "财务", "the last pair still lines up");
}

/// Every example of the reference list, where it lies beside the checkout.
#[test]
fn library_examples() {
    let root = std::env::var_os("LEADYARD_DATA")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), Into::into);
    let path = root.join("phones/libphonenumber_examples.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let (mut seen, mut wrong) = (0, Vec::new());
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (kind, e164) = (cells[2], cells[3]);
        let mut spellings = vec![
            (e164, CountryCode::CN),
            (cells[4], CountryCode::CN),
            (*cells.last().unwrap(), CountryCode::CN),
        ];
        if let Ok(home) = cells[0].parse() {
            spellings.push((cells[5], home));
        }
        for (raw, home) in spellings {
            seen += 1;
            let key = phone(raw, home);
            if key.e164.as_deref() != Some(e164) || (kind == "TOLL_FREE" && !key.shared) {
                wrong.push(format!(
                    "{raw} in {} as {kind}: {:?}, shared {}",
                    home.as_str(),
                    key.e164,
                    key.shared
                ));
            }
        }
    }
    println!("{seen} spellings, {} not read", wrong.len());
    for line in &wrong {
        println!("  {line}");
    }
    assert!(wrong.len() * 100 <= seen, "more than 1 % not read:\n{}", wrong.join("\n"));
}

proptest! {
    #[test]
    fn cleaning_is_idempotent_and_leaves_nothing_invisible(raw in "(\\PC|[\\x00-\\x20]|[\u{200B}-\u{206F}]|[\u{E0000}-\u{E007F}]|[\u{FE00}-\u{FE0F}]|[\u{1100}-\u{1112}]{1,12}|[\u{1161}-\u{1170}]|[\u{300}-\u{340}]{1,12}){0,40}") {
        let once = clean_text(&raw);
        prop_assert_eq!(clean_text(&once), once.clone());
        let bad = |c: char| c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{AD}' | '\u{61C}' | '\u{E0000}'..='\u{E0FFF}' | '\u{FE00}'..='\u{FE0F}');
        prop_assert!(!once.chars().any(bad), "{:?}", once);
        prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        let longest = unicode_segmentation::UnicodeSegmentation::graphemes(once.as_str(), true).map(|g| g.chars().count()).max();
        prop_assert!(longest.unwrap_or(0) <= MAX_GRAPHEME_CHARS);
    }

    #[test]
    fn masks_never_show_more_than_seven_digits_nor_hide_fewer_than_four(digits in "[0-9]{1,18}", plus in any::<bool>()) {
        let raw = if plus { format!("+{digits}") } else { digits.clone() };
        let masked = mask_phone(&raw);
        let shown = masked.chars().filter(char::is_ascii_digit).count();
        prop_assert!(shown <= 7);
        prop_assert!(shown + 4 <= digits.len() || shown == 0 || (shown <= 2 && digits.len() >= 5), "{} of {}", masked, raw);
    }

    #[test]
    fn mail_masks_hide_the_name(local in "[a-z]{2,20}") {
        let masked = mask_email(&format!("{local}@example.com"));
        prop_assert_eq!(masked.split('@').next().map(str::len), Some(4));
    }

    #[test]
    fn any_text_is_survived(raw in "\\PC{0,60}|[-+()0-9 x#ext转/.;]{0,40}") {
        let key = cn(&raw);
        prop_assert!(key.e164.is_none() != key.fault.is_none());
        prop_assert!(matches!(company_similarity_milli(&company_core(&raw), &company_core(&raw)), 0 | 1000));
        let _ = (email(&raw), wechat(&raw));
    }
}
