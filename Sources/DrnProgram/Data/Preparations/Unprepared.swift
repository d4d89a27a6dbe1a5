import DrnData
import DrnJSON
import DrnMethods

/// No preparation; what holds where a data set states none.
public struct Unprepared: DataPreparation {
  public static let spec = MethodSpec("none", summary: "Leaves the values as they are.")
  public let options: Options
  public init(options: Options = Options()) { self.options = options }

  public func fitted(to data: DataSet, indices: [Int]) -> Preparation? { nil }
  public func description(of map: Preparation, shape: [Int]) -> JSON? { nil }
}
