extension Page {
  /// The pages of codes DRN0200 to DRN0299.
  static let names: [Page] = methodNames + layerNames
}
