//! Small scenes: what is kept as given, what is decided anew, what is left out and counted.
