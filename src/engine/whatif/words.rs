//! What leads are about, as numbers: each text stands once for a whole stretch, whatever column it came in. Knows nothing of
//! events.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::model::lead::Attrs;

/// No text; no custom columns; no value.
const NONE: u32 = u32::MAX;

/// A lead's attributes as numbers of a [`Words`].
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    /// Source, campaign, region, city, product, industry, language, company.
    texts: [u32; 8],
    custom: u32,
    value: u32,
    base_score: i32,
}

/// The texts of a stretch.
#[derive(Debug, Default)]
pub(super) struct Words {
    texts: Vec<SmolStr>,
    customs: Vec<Vec<(SmolStr, SmolStr)>>,
    values: Vec<i64>,
}

/// The numbers of texts, while a stretch is written down.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    texts: FxHashMap<SmolStr, u32>,
    customs: FxHashMap<Vec<(SmolStr, SmolStr)>, u32>,
    values: FxHashMap<i64, u32>,
}

impl Words {
    /// The attributes behind the numbers, but for how the person can be reached.
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
            value: self.values.get(about.value as usize).copied(),
            has_phone: false,
            has_email: false,
            custom: self.customs.get(about.custom as usize).cloned().unwrap_or_default(),
        }
    }

    /// Bytes it takes, about.
    pub(super) fn bytes(&self) -> usize {
        // What stands in 23 bytes stands in the list itself.
        let apart = self.texts.iter().filter(|text| text.is_heap_allocated()).map(|text| text.len() + 16);
        self.texts.capacity() * size_of::<SmolStr>()
            + apart.sum::<usize>()
            + self.values.capacity() * size_of::<i64>()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.texts.shrink_to_fit();
        self.customs.shrink_to_fit();
        self.values.shrink_to_fit();
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
        let value = attrs.value.map_or(NONE, |value| number(&mut self.values, &mut words.values, &value));
        About { texts, custom, value, base_score: attrs.base_score }
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
            custom: vec![("预算".into(), "高".into())],
            ..Attrs::default()
        };
        let all = [lead("抖音", Some(0)), lead("官网", None), Attrs::default()];
        let abouts = all.clone().map(|attrs| spelling.about(&mut words, &attrs));
        assert_eq!(abouts.map(|about| words.attrs(&about)), all);
        assert_eq!((words.texts.len(), words.customs.len()), (3, 1));
    }
}
