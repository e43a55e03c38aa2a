//! What the commands do with the values of the stages, a file or a folder for each.
//!
//! A command gives the exit status of the process, or in words why it could not be carried out.

pub mod build;
pub mod explain;
pub mod exports;
pub mod external;
pub mod fix;
pub mod helped;
pub mod init;
pub mod inventory;
pub mod missed;
pub mod new;
mod progress;
pub mod scope;
mod screen;
pub mod search;
pub mod serve;
pub mod status;
pub mod theme;
