extension Code {
  /// Codes DRN0800 to DRN0899.
  static let checkpoints: [Code] = [weightsUnusable, checkpointMissing, checkpointDamaged, checkpointDiffers]

  public static let weightsUnusable = Code(
    801, "weights_unusable", "The file named by `weights_from` cannot be read, or does not fit the network.")
  public static let checkpointMissing = Code(802, "checkpoint_missing", "There is no checkpoint to go on from.")
  public static let checkpointDamaged = Code(803, "checkpoint_damaged", "A checkpoint, or the log it belongs to, cannot be read.")
  public static let checkpointDiffers = Code(
    804, "checkpoint_differs", "A checkpoint was made with another program, seed or data set.")
}
