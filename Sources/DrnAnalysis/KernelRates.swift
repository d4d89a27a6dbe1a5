import DrnPlan

/// How fast kernels of each kind run, as shares of what is measured on a machine.
///
/// Found by `python3 benchmarks/prediction.py --kernels --threads 1` on a quiet machine: for each kind the share at which its rows are
/// predicted as measured.
enum KernelRates {
  /// Of the rate of a large matrix product, with the lanes that only pad counted as work.
  static func efficiency(_ kind: KernelKind) -> Double {
    switch kind {
    case .product: 0.95
    case .direct: 0.9
    case .directGradient: 0.8
    case .thin, .thinGradient: 0.7
    case .winograd, .winogradGradient: 0.9
    case .depthwise, .scattered: 0.5
    case .normalization, .elementwise: 1
    }
  }

  /// Nanoseconds from one step of a function to the next where one thread runs it, and where several meet.
  static let start = 100.0
  static let meeting = 700.0
  /// Bytes of one thread's own cache: operations whose tensors fit read at its speed.
  static let cache = 786_432.0
}
