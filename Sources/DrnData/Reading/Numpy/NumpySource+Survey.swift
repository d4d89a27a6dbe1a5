import DrnTensorFile

extension NumpySource {
  /// The sizes of the array, and whether its elements are whole numbers or truth values, as labels are; from its header.
  public func survey() throws(DataError) -> (shape: [Int], isWhole: Bool) {
    let header = try header()
    return (header.shape, ![.f16, .f32, .f64].contains(header.elementType))
  }
}
