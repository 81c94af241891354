//! One file per subcommand; parses nothing but arguments and prints nothing but answers.
