//! What leads are about, as numbers: each text stands once for a whole stretch, whatever column it came in. Knows nothing of
//! events.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::model::lead::Attrs;

/// No text; no custom columns.
const NONE: u32 = u32::MAX;

/// A lead's attributes as numbers of a [`Words`].
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    value: i64,
    /// Source, campaign, region, city, product, industry, language, company.
    texts: [u32; 8],
    custom: u32,
    base_score: i32,
    has_value: bool,
    has_phone: bool,
    has_email: bool,
}

/// The texts of a stretch.
#[derive(Debug, Default)]
pub(super) struct Words {
    texts: Vec<SmolStr>,
    customs: Vec<Vec<(SmolStr, SmolStr)>>,
}

/// The numbers of texts, while a stretch is written down.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    texts: FxHashMap<SmolStr, u32>,
    customs: FxHashMap<Vec<(SmolStr, SmolStr)>, u32>,
}

impl Words {
    /// The attributes behind the numbers.
    pub(super) fn attrs(&self, about: &About) -> Attrs {
        let text = |no: u32| self.texts.get(no as usize).cloned().unwrap_or_default();
        let [source, campaign, region, city, product, industry, language, company] = about.texts.map(text);
        Attrs {
            source,
            campaign,
            region,
            city,
            product,
            industry,
            language,
            company,
            base_score: about.base_score,
            value: about.has_value.then_some(about.value),
            has_phone: about.has_phone,
            has_email: about.has_email,
            custom: self.customs.get(about.custom as usize).cloned().unwrap_or_default(),
        }
    }

    /// Bytes it takes, about.
    pub(super) fn bytes(&self) -> usize {
        // What stands in 23 bytes stands in the list itself.
        let apart = self.texts.iter().filter(|text| text.is_heap_allocated()).map(|text| text.len() + 16);
        self.texts.capacity() * size_of::<SmolStr>() + apart.sum::<usize>()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.texts.shrink_to_fit();
        self.customs.shrink_to_fit();
    }
}

impl Spelling {
    /// Numbers for `attrs`; texts not met before are added to `words`.
    pub(super) fn about(&mut self, words: &mut Words, attrs: &Attrs) -> About {
        let Attrs { source, campaign, region, city, product, industry, language, company, .. } = attrs;
        let all = [source, campaign, region, city, product, industry, language, company];
        let texts = all.map(|text| match text.is_empty() {
            true => NONE,
            false => number(&mut self.texts, &mut words.texts, text),
        });
        let custom = match attrs.custom.is_empty() {
            true => NONE,
            false => number(&mut self.customs, &mut words.customs, &attrs.custom),
        };
        About {
            value: attrs.value.unwrap_or(0),
            texts,
            custom,
            base_score: attrs.base_score,
            has_value: attrs.value.is_some(),
            has_phone: attrs.has_phone,
            has_email: attrs.has_email,
        }
    }
}

fn number<T: Clone + Eq + std::hash::Hash>(
    known: &mut FxHashMap<T, u32>,
    all: &mut Vec<T>,
    value: &T,
) -> u32 {
    if let Some(no) = known.get(value) {
        return *no;
    }
    let no = u32::try_from(all.len()).unwrap_or(NONE);
    all.push(value.clone());
    known.insert(value.clone(), no);
    no
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_back_as_they_were_and_each_text_stands_once() {
        let (mut words, mut spelling) = (Words::default(), Spelling::default());
        let lead = |source: &str, value| Attrs {
            source: source.into(),
            city: source.into(),
            company: "澄川仪器第一分公司有限责任".into(),
            base_score: -3,
            value,
            has_email: true,
            custom: vec![("预算".into(), "高".into())],
            ..Attrs::default()
        };
        let all = [lead("抖音", Some(0)), lead("官网", None), Attrs::default()];
        let abouts = all.clone().map(|attrs| spelling.about(&mut words, &attrs));
        assert_eq!(abouts.map(|about| words.attrs(&about)), all);
        assert_eq!((words.texts.len(), words.customs.len()), (3, 1));
    }
}
