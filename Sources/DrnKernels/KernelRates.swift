/// How fast kernels of each kind run, as shares of what is measured on a machine.
///
/// All are found by `python3 benchmarks/prediction.py --kernels --threads 1` on a quiet machine. Its last table has for each kind the factor by
/// which to multiply its share here; a factor from 0.9 to 1.1 is noise. They hold to the extent that processors differ in peak and bandwidth
/// alone, which are measured where the prediction is made.
enum KernelRates {
  /// The share of the rate of a large matrix product. Lanes that only pad count as work, so that what is lost here is loads, stores and
  /// packing.
  static func arithmetic(_ kind: KernelKind) -> Double {
    switch kind {
    // Tiles of a product whose matrices do not all lie in cache.
    case .product: 0.9
    // Few columns of a transposed right matrix, which is packed for every tile.
    case .narrowProduct: 0.75
    // Two numbers of half width where one of single precision fits.
    case .halfProduct: 1.8
    // One load for each two to sixteen multiply-adds, and the copy of each image into a padded one.
    case .direct: 1
    case .directGradient: 1.05
    // A load for each multiply-add or two.
    case .thin: 0.95
    case .thinGradient: 0.8
    // Rows are read ahead while others are multiplied, which hides half of the arithmetic.
    case .tall: 2.1
    case .tallSums: 1.2
    // Products of 36 points, whose operands pass through the nearest cache; their transforms count as work.
    case .winograd: 1
    case .winogradGradient: 0.76
    // Products of 36 points from the second cache, of 64 tiles by 64 outputs.
    case .wide: 0.75
    case .wideGradient: 0.75
    // Products over pixels, whose operands pass through the second cache.
    case .blocksGradient: 0.75
    // Bound by the loads of channels.
    case .depthwise: 0.5
    case .depthwiseGradient: 0.5
    // Products of windows, added to the pixels they come from.
    case .scattered: 0.85
    // Scores of a block of queries, which stay in the nearest caches.
    case .attention: 0.85
    // Counted as what takes as long.
    case .normalization, .elementwise, .factorization: 1
    }
  }

  /// The share of the bandwidth of an elementwise sum.
  static func traffic(_ kind: KernelKind) -> Double {
    switch kind {
    // Sums of columns in blocks, whose second pass finds part of the block still in cache.
    case .normalization: 0.62
    // More streams than a sum has.
    case .elementwise: 0.6
    // Sums find what was computed just before in the outer cache.
    case .tall: 1.1
    case .tallSums: 2
    // Of windows of few taps: images are read in runs that are not one after the other.
    case .depthwiseGradient: 0.4
    case .product, .narrowProduct, .halfProduct, .direct, .directGradient, .thin, .thinGradient, .winograd, .winogradGradient, .wide,
      .wideGradient,
      .blocksGradient, .depthwise, .scattered, .factorization, .attention:
      1
    }
  }

  /// Nanoseconds from one step of a function to the next, where one thread runs it and where several meet at a barrier.
  static let start = 300.0
  static let meeting = 1000.0
  /// Bytes of a thread's own cache: operations whose tensors fit read at its speed.
  static let cache = 786_432.0
}
