/// Rows of matrices chosen by whole numbers, and orders of elements.
extension HLOBuilder {
  /// The rows of a table (V x D) at places (i32, R): R x D; a place outside counts as the nearest one.
  mutating func rows(of table: HLOValue, at places: HLOValue) -> HLOValue {
    let (columns, count) = (table.shape[1], places.shape[0])
    let type = HLOType(table.type.element, [count, columns])
    return emit(
      "\"stablehlo.gather\"(\(table.name), \(places.name)) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], "
        + "collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, "
        + "slice_sizes = array<i64: 1, \(columns)>}> : (\(table.type.text), \(places.type.text)) -> \(type.text)", type)
  }

  /// Zeros (V x D) with each row of x (R x D) added to the row that its place (i32, R) names; rows of places outside are dropped.
  mutating func sums(of x: HLOValue, at places: HLOValue, rows: Int) -> HLOValue {
    let (type, scalar) = (HLOType(x.type.element, [rows, x.shape[1]]), HLOType(x.type.element, []))
    let zeros = constant(0, type.shape, type.element)
    return emit(
      "scatter", [zeros, places, x],
      "indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], "
        + "inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = false",
      body: Self.scalarBody("add", scalar), of: scalar, type)
  }

  /// 1 where the number of a row (i32, R) is that of the column, else 0: R x columns.
  mutating func oneHot(_ numbers: HLOValue, columns: Int) -> HLOValue { convert(isColumn(numbers, columns: columns), .f32) }

  /// Whether the number of a row is that of the column.
  mutating func isColumn(_ numbers: HLOValue, columns: Int) -> HLOValue {
    let shape = [numbers.shape[0], columns]
    return compare("EQ", iota(1, shape, .i32), overRows(numbers, shape))
  }

  /// Whether each number is one of 0 to `count` - 1.
  mutating func areIn(_ numbers: HLOValue, count: Int) -> HLOValue {
    map("and", compare("GE", numbers, 0), compare("LT", numbers, constant(bits: UInt64(min(count, Int(Int32.max))), [], .i32)))
  }

  /// A vector from its largest element to its smallest.
  mutating func descending(_ x: HLOValue) -> HLOValue {
    let (scalar, truth) = (HLOType(x.type.element, []), HLOType(.i1, []))
    return emit(
      "sort", [x], "dimension = 0 : i64, is_stable = false",
      body: "%s = stablehlo.compare GT, %l, %r, \(x.type.element.comparison) : (\(scalar.text), \(scalar.text)) -> \(truth.text)\n"
        + "        stablehlo.return %s : \(truth.text)", of: scalar, x.type)
  }

  /// The number of each element in row-major order, from 0; less than 2^32 of them.
  mutating func index(_ shape: [Int]) -> HLOValue {
    var total: HLOValue?
    var stride = 1
    for axis in shape.indices.reversed() {
      let place = iota(axis, shape, .ui32)
      let own = stride == 1 ? place : multiply(place, constant(bits: UInt64(stride), [], .ui32))
      total = total.map { add($0, own) } ?? own
      stride *= shape[axis]
    }
    return total ?? constant(0, [], .ui32)
  }
}
