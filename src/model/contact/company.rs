//! The core of a company name and how alike two cores are. A suggestion only: different firms can be nearly alike.

use std::sync::LazyLock;

use super::text::clean_text;
use rustc_hash::{FxHashMap, FxHashSet};

const REGIONS: &[&str] = &[
    "中国",
    "中华",
    "北京",
    "上海",
    "天津",
    "重庆",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
    "台湾",
    "广州",
    "深圳",
    "杭州",
    "南京",
    "苏州",
    "无锡",
    "宁波",
    "温州",
    "成都",
    "武汉",
    "西安",
    "长沙",
    "郑州",
    "青岛",
    "济南",
    "烟台",
    "大连",
    "沈阳",
    "哈尔滨",
    "长春",
    "石家庄",
    "太原",
    "合肥",
    "福州",
    "厦门",
    "泉州",
    "南昌",
    "昆明",
    "贵阳",
    "南宁",
    "海口",
    "三亚",
    "兰州",
    "西宁",
    "银川",
    "乌鲁木齐",
    "呼和浩特",
    "拉萨",
    "东莞",
    "佛山",
    "珠海",
    "中山",
    "惠州",
    "汕头",
    "常州",
    "南通",
    "徐州",
    "扬州",
    "嘉兴",
    "绍兴",
    "金华",
    "台州",
    "义乌",
    "昆山",
    "洛阳",
    "襄阳",
    "宜昌",
    "唐山",
    "保定",
    "廊坊",
    "潍坊",
    "临沂",
    "china",
    "beijing",
    "shanghai",
    "shenzhen",
    "guangzhou",
    "hong kong",
    "hangzhou",
    "usa",
    "us",
    "uk",
    "india",
    "singapore",
    "deutschland",
    "germany",
    "france",
    "asia",
    "europe",
    "apac",
    "emea",
];

/// Longest first, so that `股份有限公司` goes before `有限公司`.
const ZH_SUFFIXES: &[&str] = &[
    "集团股份有限公司",
    "集团有限责任公司",
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "控股有限公司",
    "责任有限公司",
    "有限合伙",
    "普通合伙",
    "有限公司",
    "总公司",
    "分公司",
    "子公司",
    "集团",
    "公司",
];

const EN_SUFFIXES: &[&str] = &[
    "incorporated",
    "corporation",
    "limited",
    "company",
    "holdings",
    "holding",
    "group",
    "gmbh & co kg",
    "gmbh",
    "pty",
    "llc",
    "llp",
    "ltd",
    "inc",
    "corp",
    "plc",
    "co",
    "ag",
    "kg",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "oy",
    "ab",
    "as",
    "aps",
    "pte",
    "sdn bhd",
    "bhd",
    "kk",
    "lp",
    "ltda",
];

/// Traditional forms that are frequent in company names; a full table would be a dependency of its own.
const TRADITIONAL: &str = "國国東东廣广華华車车電电機机業业務务實实學学術术發发開开產产製制設设計计資资訊讯網网絡络諮谘詢询貿贸際际長长門门\
     體体醫医藥药療疗銀银鐵铁鋼钢豐丰興兴臺台灣湾灣湾龍龙鳳凤馬马魚鱼鳥鸟風风飛飞雲云電电導导師师團团圖图書书報报傳传視视頻频\
     園园環环節节約约結结構构織织紡纺維维緣缘綠绿線线紅红紙纸級级細细終终組组經经營营貨货費费購购質质賓宾賽赛贊赞贏赢輪轮輕轻輸输\
     運运達达遠远連连進进適适選选遊游鄉乡醬酱釋释針针鋪铺銷销錄录鎮镇鏡镜鐘钟關关陽阳陸陆際际隨随險险雙双雜杂離离難难雲云靈灵韓韩\
     項项順顺預预領领題题顏颜願愿類类顧顾飯饭飲饮館馆驗验點点齊齐優优億亿會会個个們们倉仓備备價价儀仪儲储兒儿內内兩两劃划劉刘勁劲\
     動动勝胜勞劳匯汇區区協协衛卫參参員员問问啟启單单壓压壘垒夢梦奧奥寧宁寶宝將将專专對对層层島岛嶺岭幣币師师帶带幫帮庫库應应\
     廠厂張张彈弹強强彙汇後后從从徑径復复愛爱態态慶庆戰战戲戏擔担據据數数敵敌斷断時时曉晓權权來来東东極极榮荣樂乐標标樣样樓楼\
     橋桥檢检歐欧歡欢歲岁歷历歸归殘残氣气漢汉湯汤準准溫温滿满漁渔潔洁潤润澤泽濟济瀋沈燈灯爐炉爾尔無无煉炼煙烟熱热營营獎奖獨独獲获\
     現现瑪玛環环異异當当畫画療疗監监盤盘盧卢礦矿碼码祿禄禮礼種种稱称積积穩稳窩窝競竞筆笔築筑簡简糧粮緊紧緯纬聖圣聞闻聯联職职聲声\
     脈脉臨临與与興兴舉举艦舰藝艺蘇苏蘭兰蘋苹號号蟲虫裝装補补觀观覽览觸触訂订記记訓训許许診诊證证評评試试詩诗話话該该誠诚語语說说\
     課课調调談谈請请論论諾诺謀谋識识譽誉議议護护變变讓让豬猪貝贝財财";

/// What is left of a company name once region, brackets and legal form are gone; lower case. Empty only for empty input.
#[must_use]
pub fn company_core(raw: &str) -> String {
    let folded: String = clean_text(raw).to_lowercase().chars().map(simplified).collect();
    let unbracketed = drop_brackets(&folded);
    let mut core = squeeze(&unbracketed);
    for _ in 0..4 {
        let shorter = drop_prefix_region(drop_suffix(&core));
        if shorter.is_empty() || shorter == core {
            break;
        }
        core = shorter;
    }
    if core.is_empty() {
        core = squeeze(&folded);
    }
    core
}

/// Jaccard of the character bigrams of two cores, in thousandths. 1000 = same core; 0 when either is empty.
#[must_use]
pub fn company_similarity_milli(a_core: &str, b_core: &str) -> u32 {
    if a_core.is_empty() || b_core.is_empty() {
        return 0;
    }
    if a_core == b_core {
        return 1000;
    }
    let (a, b) = (grams(a_core), grams(b_core));
    let common = a.intersection(&b).count();
    let all = a.len() + b.len() - common;
    u32::try_from(common * 1000 / all.max(1)).unwrap_or(0).min(999)
}

fn grams(core: &str) -> FxHashSet<(char, char)> {
    let chars: Vec<char> = core.chars().filter(|c| *c != ' ').collect();
    match chars.as_slice() {
        [only] => std::iter::once((*only, *only)).collect(),
        many => many.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))).collect(),
    }
}

fn simplified(c: char) -> char {
    static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
        let mut chars = TRADITIONAL.chars().filter(|c| !c.is_whitespace());
        let mut pairs = Vec::new();
        while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
            pairs.push((from, to));
        }
        // The sort is stable: of a character listed twice the first pair stays.
        pairs.sort_by_key(|(from, _)| *from);
        pairs.dedup_by_key(|(from, _)| *from);
        pairs
    });
    if !('\u{4E00}'..='\u{9FFF}').contains(&c) {
        return c;
    }
    match PAIRS.binary_search_by_key(&c, |(from, _)| *from) {
        Ok(at) => PAIRS.get(at).map_or(c, |(_, to)| *to),
        Err(_) => c,
    }
}

/// Brackets that hold a region, a legal form or nothing go with their content; others leave their content.
fn drop_brackets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[', '【', '〔']) {
        let inner_from = open + rest[open..].chars().next().map_or(1, char::len_utf8);
        let Some(close) = rest[inner_from..].find([')', ']', '】', '〕']).map(|i| i + inner_from) else {
            break;
        };
        let inner = rest[inner_from..close].trim();
        out.push_str(&rest[..open]);
        if !droppable(inner) {
            out.push(' ');
            out.push_str(inner);
            out.push(' ');
        }
        rest = &rest[close + rest[close..].chars().next().map_or(1, char::len_utf8)..];
    }
    out.push_str(rest);
    out
}

fn droppable(inner: &str) -> bool {
    let place = inner.trim_end_matches(['省', '市', '区']);
    inner.is_empty()
        || REGIONS.contains(&place)
        || ZH_SUFFIXES.contains(&inner)
        || EN_SUFFIXES.contains(&inner)
}

/// Punctuation to spaces, single spaces, none at the ends.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_alphanumeric() || c == '&' || c == '+' {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else {
            gap = true;
        }
    }
    out
}

/// As `strip_suffix`, but a look at the last byte refuses most.
fn without_end<'t>(text: &'t str, suffix: &str) -> Option<&'t str> {
    if text.as_bytes().last() != suffix.as_bytes().last() {
        return None;
    }
    text.strip_suffix(suffix)
}

fn drop_suffix(core: &str) -> &str {
    let mut rest = core.trim();
    loop {
        let before = rest;
        for suffix in ZH_SUFFIXES {
            if let Some(shorter) = without_end(rest, suffix) {
                rest = shorter.trim_end();
            }
        }
        for suffix in EN_SUFFIXES {
            if let Some(shorter) = without_end(rest, suffix)
                && shorter.ends_with(' ')
            {
                rest = shorter.trim_end_matches([' ', '&']);
            }
        }
        if rest.is_empty() {
            return before;
        }
        if rest == before {
            return rest;
        }
    }
}

/// One leading region with its 省 / 市 / 区, unless nothing of substance would be left.
fn drop_prefix_region(core: &str) -> String {
    /// Regions by their first letter, in the order of the list.
    static BY_LETTER: LazyLock<FxHashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
        let mut map: FxHashMap<char, Vec<&'static str>> = FxHashMap::default();
        for region in REGIONS {
            if let Some(letter) = region.chars().next() {
                map.entry(letter).or_default().push(region);
            }
        }
        map
    });
    let regions = core.chars().next().and_then(|letter| BY_LETTER.get(&letter));
    for region in regions.into_iter().flatten() {
        let Some(rest) = core.strip_prefix(region) else { continue };
        if region.is_ascii() && !rest.starts_with(' ') {
            continue;
        }
        let rest = ["壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "省", "市"]
            .iter()
            .find_map(|unit| rest.strip_prefix(unit))
            .unwrap_or(rest)
            .trim_start();
        if rest.chars().count() >= 2 {
            return rest.to_string();
        }
    }
    core.to_string()
}
