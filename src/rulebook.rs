//! Text to tokens, tree, checked book, and back to canonical text. No clock, chance or IO.
