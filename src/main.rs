//! The `unstick` program: a thin shell around the library.

fn main() -> std::process::ExitCode {
    unstick::cli::main()
}
