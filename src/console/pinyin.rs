//! Chinese names by the letters a person types for them: `lina`, `ln` or `lin` for 李娜. Every reading of a character counts,
//! since names use rare ones. Not for sentences, and no input method: nothing is turned back into characters.

use pinyin::{ToPinyin, ToPinyinMulti};
use smol_str::SmolStr;

/// Characters of a name looked at, and letters typed.
const CHARS_MAX: usize = 64;
const LETTERS_MAX: usize = 64;

/// Whether `typed`, ASCII letters, spells a part of `name`: of each character the whole syllable or its first letters. Names
/// without Chinese characters are never spelt; they are found by what they are.
#[must_use]
pub fn spells(name: &str, typed: &str) -> bool {
    let letters = typed.as_bytes();
    let is_word = (1..=LETTERS_MAX).contains(&letters.len()) && letters.iter().all(u8::is_ascii_alphabetic);
    if !is_word || name.is_ascii() {
        return false;
    }
    // `reached[n]`: the characters so far can have used up the first n letters.
    let mut reached = [false; LETTERS_MAX + 1];
    let mut is_chinese = [false; LETTERS_MAX + 1];
    for c in name.chars().filter(|c| !c.is_whitespace()).take(CHARS_MAX) {
        let mut next = [false; LETTERS_MAX + 1];
        let mut through = [false; LETTERS_MAX + 1];
        // A name may be spelt from any of its characters on.
        reached[0] = true;
        for from in (0..letters.len()).filter(|from| reached.get(*from).is_some_and(|is| *is)) {
            let rest = letters.get(from..).unwrap_or_default();
            let was = is_chinese.get(from).is_some_and(|is| *is);
            let mut mark = |cells: usize, chinese: bool| {
                if let (Some(to), Some(by)) = (next.get_mut(from + cells), through.get_mut(from + cells)) {
                    *to = true;
                    *by |= was || chinese;
                }
            };
            match c.to_pinyin_multi() {
                Some(readings) => {
                    for reading in readings {
                        let same = common(reading.plain(), rest);
                        (1..=same).for_each(|cells| mark(cells, true));
                    }
                }
                None if rest.first().is_some_and(|letter| c.eq_ignore_ascii_case(&char::from(*letter))) => {
                    mark(1, false);
                }
                None => {}
            }
        }
        if next.get(letters.len()).is_some_and(|is| *is) && through.get(letters.len()).is_some_and(|is| *is) {
            return true;
        }
        (reached, is_chinese) = (next, through);
    }
    false
}

/// How many letters two words begin with in common; ü is typed as v or u.
fn common(reading: &str, typed: &[u8]) -> usize {
    let same = |(c, letter): &(char, &u8)| {
        let letter = letter.to_ascii_lowercase();
        match c {
            'ü' => letter == b'v' || letter == b'u',
            c => *c == char::from(letter),
        }
    };
    reading.chars().zip(typed).take_while(same).count()
}

/// What a name is put in order by: the syllables of its characters, other characters as they are in lower case. Equal ones
/// keep the characters' own order.
#[must_use]
pub fn order(name: &str) -> SmolStr {
    if name.is_ascii() {
        return name.to_ascii_lowercase().into();
    }
    let mut key = String::with_capacity(name.len() * 3);
    for c in name.chars().take(CHARS_MAX) {
        match c.to_pinyin() {
            Some(syllable) => {
                key.push_str(syllable.plain());
                key.push(' ');
            }
            None => key.extend(c.to_lowercase()),
        }
    }
    key.push('\u{0}');
    key.push_str(name);
    key.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_syllables_first_letters_and_both() {
        for typed in ["lina", "ln", "lin", "lna", "LiNa", "na", "l"] {
            assert!(spells("李娜", typed), "{typed}");
        }
        for typed in ["nl", "linz", "lisa", "", "李", "li na", "13"] {
            assert!(!spells("李娜", typed), "{typed}");
        }
        assert!(
            spells("欧阳娜娜", "oynn") && spells("欧阳娜娜", "ouyangnana") && spells("欧阳娜娜", "yangnn")
        );
        // Every reading: 单 as a name is shan, 重 in 重庆 is chong.
        assert!(spells("单雄信", "shanxx") && spells("重庆分公司", "cq"));
        assert!(spells("吕布", "lvbu") && spells("吕布", "lubu"));
        assert!(spells("A 专业版", "azyb") && spells("Chen Jie 陈洁", "chenj"));
        assert!(!spells("Chen Jie", "cj"), "Latin names are found by what they are");
    }

    #[test]
    fn names_stand_in_the_order_of_their_syllables() {
        let mut names = ["周敏", "阿明", "Zoe", "李雷", "李娜", "anna", "欧阳娜娜"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["阿明", "anna", "李雷", "李娜", "欧阳娜娜", "周敏", "Zoe"]);
    }
}
