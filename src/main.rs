//! The `unstick` program: a thin shell around the library.

/// Pages are parsed on all threads at once, and the system's allocator makes them wait for each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    unstick::cli::main()
}
