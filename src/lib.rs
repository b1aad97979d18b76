//! Flatland's page: everything between the engine and the person.
//!
//! Data flows one way: experiment → engine in a [`worker`] → batches ([`protocol`]) → [`session`] →
//! [`chart`] and [`landscape`], with the [`lab`] keeping time and the [`views`] showing words and
//! controls. Views own no numerics; the engine knows no browser.

pub mod browser;
pub mod chart;
pub mod chunk;
pub mod errand;
pub mod fetch;
pub mod formulas;
pub mod gallery;
pub mod hired;
pub mod history;
pub mod keys;
pub mod lab;
pub mod landscape;
pub mod lesson;
pub mod letter;
pub mod listening;
pub mod needs;
pub mod networks;
pub mod numbers;
pub mod permalink;
pub mod pixels;
pub mod probe;
pub mod protocol;
pub mod recorder;
pub mod rooms;
pub mod scene;
pub mod session;
pub mod settings;
pub mod typed;
pub mod typeset;
pub mod view_settings;
pub mod views;
pub mod words;
pub mod worker;
