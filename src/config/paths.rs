//! Where things live on this machine, by the platform's own rules. Names folders, never creates them; a machine
//! without a home folder has none, which is no error.

use std::path::PathBuf;

use directories::ProjectDirs;

/// Places of the program; each is `None` where the platform names no home.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// The config file.
    pub config: Option<PathBuf>,
    /// The folder of what can be made again.
    pub cache: Option<PathBuf>,
    /// The folder of what outlives a run.
    pub state: Option<PathBuf>,
    /// The folder of what ends with the person's session, where the platform has one.
    pub runtime: Option<PathBuf>,
}

impl Paths {
    /// Asks the platform.
    pub fn of_this_machine() -> Self {
        ProjectDirs::from("", "", "authscope").map_or_else(Self::default, |folders| Self {
            config: Some(folders.config_dir().join("config.toml")),
            cache: Some(folders.cache_dir().to_owned()),
            // Only the XDG rules know a place for state.
            state: Some(folders.state_dir().unwrap_or(folders.data_local_dir()).to_owned()),
            runtime: folders.runtime_dir().map(ToOwned::to_owned),
        })
    }

    /// The file of trusted project files.
    pub fn trust(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|folder| folder.join("trusted"))
    }

    /// The folder of the tokens that commands keep for each other.
    pub fn tokens(&self) -> Option<PathBuf> {
        self.runtime.as_ref().or(self.state.as_ref()).map(|folder| folder.join("tokens"))
    }

    /// The log file.
    pub fn log(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|folder| folder.join("authscope.log"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_home_there_is_no_place_and_no_error() {
        assert_eq!(Paths::default().log(), None);
    }

    #[test]
    fn every_place_is_the_programs_own() {
        let paths = Paths::of_this_machine();
        for place in [&paths.config, &paths.cache, &paths.state, &paths.log()].into_iter().flatten() {
            assert!(place.is_absolute() && place.to_string_lossy().contains("authscope"), "{}", place.display());
        }
    }
}
