//! Whoever holds desks against a file must find what is wrong between them: each test spoils one thing.

use super::*;
