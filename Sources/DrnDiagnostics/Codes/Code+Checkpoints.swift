extension Code {
  /// Codes DRN0800 to DRN0899.
  static let checkpoints: [Code] = [weightsUnusable]

  /// A weights file cannot be read or does not fit the network.
  public static let weightsUnusable = Code(
    801, "weights_unusable", "The file named by `weights_from` cannot be read, or does not fit the network.")
}
