import DrnTestSupport
import Testing

/// Public declarations say what they are.
///
/// A declaration is public by its own modifier or as a requirement of a public protocol; a statement that declares several names is one. These
/// need no comment, because what there is to say stands elsewhere:
/// - a witness: same name and labels as a documented requirement of a protocol of this package, in a type that names the protocol, in an
///   extension of such a type, or in an extension of the protocol itself; and what Equatable, Hashable, Comparable, CustomStringConvertible and
///   Error ask for;
/// - an initializer that only assigns its parameters to properties of the same names: the properties have the comments;
/// - the constants in `DrnDiagnostics/Codes`: they have pages;
/// - cases of enums, which are not counted: the comment of the enum says what is told apart; nor a second name of a case, such as
///   `static let add = binary(.add)`, whose sentence stands in the case's specification.
@Suite struct DocumentationTests {
  private static let needed = 0.95

  /// Requirements of the standard library whose meaning is known.
  private static let standard: [String: Set<String>] = [
    "Equatable": ["==(_:_:)"], "Hashable": ["hash(into:)", "hashValue"], "Comparable": ["<(_:_:)"],
    "CustomStringConvertible": ["description"], "Error": ["localizedDescription"],
  ]
  private static let standardParents = ["Hashable": "Equatable", "Comparable": "Equatable"]

  /// What has to have a comment among `all`.
  private func accountable(_ all: Declarations) -> [Declarations.Declaration] {
    let requirements = Dictionary(grouping: all.declarations.filter { $0.isRequirement && $0.isDocumented }, by: \.type)
      .mapValues { Set($0.map(\.name)) }
    return all.declarations.filter { declaration in
      if declaration.file.hasPrefix("Sources/DrnDiagnostics/Codes/") || declaration.assignsParameters || declaration.namesCase {
        return false
      }
      if declaration.isRequirement { return true }
      return !protocols(of: declaration.type, all).contains { name in
        requirements[name]?.contains(declaration.name) ?? Self.standard[name]?.contains(declaration.name) ?? false
      }
    }
  }

  /// Everything that a type names after its colon, with what that names in turn, and the type itself.
  private func protocols(of type: String, _ all: Declarations) -> Set<String> {
    var found: Set<String> = []
    var open = [type]
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open += all.inherited[next] ?? []
      if let parent = Self.standardParents[next] { open.append(parent) }
    }
    return found
  }

  private func read(_ text: String) -> Declarations {
    var all = Declarations()
    all.read(text, file: "file")
    return all
  }

  @Test("19 of 20 public declarations have a doc comment")
  func publicDeclarationsAreDocumented() throws {
    var all = Declarations()
    for path in Repository.files("Sources", extension: "swift") { all.read(try Repository.text(path), file: path) }
    let counted = accountable(all)
    let bare = counted.filter { !$0.isDocumented }
    #expect(counted.count > 1000)
    let share = 1 - Double(bare.count) / Double(counted.count)
    let places = bare.map { "\($0.file):\($0.line) \($0.type) \($0.name)" }.joined(separator: "\n")
    #expect(share >= Self.needed, "\(bare.count) of \(counted.count) public declarations have no comment:\n\(places)")
  }

  @Test("documented, bare and exempt declarations are told apart") func rules() {
    let text = """
      /// Shapes.
      public protocol Shaped: Sendable {
        /// Rows.
        var rows: Int { get }
        func size(of axis: Int, _ scale: Double) -> Int
      }
      public struct Bare: Shaped, Comparable {
        public let rows: Int
        let hidden: Int
        /// Text with braces: {
        @inline(__always)
        public static let documented = 1
        public static let named = Inner.b(.a)
        public func size(of axis: Int, _ scale: Double) -> Int { 0 }
        public init(rows: Int, hidden: Int) { (self.rows, self.hidden) = (rows, hidden) }
        public init(
          twice: Int
        ) {
          rows = twice * 2
          hidden = 0
        }
        public static func < (left: Bare, right: Bare) -> Bool { false }
        public enum Inner {
          public static let wrapped = b(.a)
          case a
          public var description: String { "" }
        }
      }
      extension Bare.Inner: CustomStringConvertible {}
      extension Shaped {
        public var rows: Int { 0 }
        public var columns: Int { 0 }
      }
      extension Array where Element: Shaped {
        public func total(_ pairs: [(Int, Int)], by step: (Int) -> Int) -> Int { 0 }
      }
      """
    let counted = accountable(read(text))
    #expect(counted.filter(\.isDocumented).map(\.name) == ["Shaped", "rows", "documented"])
    #expect(
      counted.filter { !$0.isDocumented }.map { "\($0.type) \($0.name)" } == [
        "Shaped size(of:_:)", "Bare Bare", "Bare named", "Bare size(of:_:)", "Bare init(twice:)", "Bare.Inner Inner", "Shaped columns",
        "Array total(_:by:)",
      ])
  }
}
