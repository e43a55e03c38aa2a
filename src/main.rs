//! The `unstick` program: a thin shell around the library.

/// Pages are many small allocations on all threads at once. Version 2 and no huge pages keep the memory small.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    unstick::cli::main()
}
