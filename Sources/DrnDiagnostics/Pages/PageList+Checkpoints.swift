extension Page {
  /// The pages of codes DRN0800 to DRN0899.
  static let checkpoints: [Page] = [
    Page(
      .weightsUnusable, meaning: "The safetensors file is missing or damaged, or a tensor in it has another shape than the network's.",
      why: "Half-loaded weights look like a bad network. Every tensor of the network must be found, or be mapped by `map:`.")
  ]
}
