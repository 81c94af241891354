//! The small file in which each person's kept views stand: `views.json` in the user's state folder, by actor, so that people
//! who share a machine keep their own. Written whole and renamed into place; another's views are carried along.

use crate::console::finding::{SavedViews, VIEW_KEYS};
use crate::console::text::Say;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// Everybody's views, by actor.
type Everybody = BTreeMap<String, SavedViews>;

/// Where the views of one person are kept.
#[derive(Debug, Clone)]
pub struct ViewsFile {
    pub path: PathBuf,
    pub actor: String,
}

impl ViewsFile {
    /// The person's views; none where there is no file yet.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    pub fn read(&self) -> Result<SavedViews, Say> {
        let mut views = self.everybody()?.remove(&self.actor).unwrap_or_default();
        views.retain(|key, _| VIEW_KEYS.contains(key));
        Ok(views)
    }

    fn everybody(&self) -> Result<Everybody, Say> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| self.trouble(&error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Everybody::new()),
            Err(error) => Err(self.trouble(&error.to_string())),
        }
    }

    fn trouble(&self, why: &str) -> Say {
        Say::FileBad(&self.path.display().to_string(), why)
    }

    /// Keeps the person's views.
    ///
    /// # Errors
    /// Why they could not be kept, in words; a file that cannot be read is not written over.
    pub fn write(&self, views: &SavedViews) -> Result<(), Say> {
        let mut all = self.everybody()?;
        all.insert(self.actor.clone(), views.clone());
        let text = serde_json::to_string_pretty(&all).map_err(|error| self.trouble(&error.to_string()))?;
        self.replace(&text).map_err(|error| self.trouble(&error.to_string()))
    }

    fn replace(&self, text: &str) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let fresh = self.path.with_extension(format!("new-{}", std::process::id()));
        std::fs::write(&fresh, text)?;
        std::fs::rename(&fresh, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::finding::SavedView;

    #[test]
    fn each_person_keeps_their_own_and_a_broken_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state/views.json");
        let file = |actor: &str| ViewsFile { path: path.clone(), actor: actor.to_owned() };
        assert_eq!(file("王芳").read(), Ok(SavedViews::new()));
        let view = SavedView {
            name: "热线索".into(),
            filter: "score >= 80".into(),
            show: Default::default(),
            sort: Default::default(),
        };
        let views = SavedViews::from([(3, view)]);
        assert_eq!(file("王芳").write(&views), Ok(()));
        assert_eq!(file("赵敏").write(&SavedViews::new()), Ok(()));
        assert_eq!(file("王芳").read(), Ok(views.clone()));
        assert_eq!(file("赵敏").read(), Ok(SavedViews::new()));
        std::fs::write(&path, "{ not json").unwrap();
        assert!(file("王芳").read().is_err() && file("王芳").write(&views).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ not json");
    }
}
