import DrnData
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// The words of `augment:`.
enum AugmentationKind: String, CaseIterable {
  case padCrop = "pad_crop"
  case flipHorizontal = "flip_horizontal"
  case cutout

  static let table = Vocabulary.Table(allCases) { $0.rawValue }

  private static let extents = OptionKind.integer(1...4096)

  var spec: MethodSpec {
    switch self {
    case .padCrop:
      MethodSpec(
        rawValue, summary: "Adds zeros on every side and cuts a window of the original size from a random place.",
        options: [OptionSpec("padding", Self.extents, required: true, "Pixels added on each side.")], positional: 1)
    case .flipHorizontal: MethodSpec(rawValue, summary: "Turns the image left to right, in one case of two.")
    case .cutout:
      MethodSpec(
        rawValue, summary: "Sets a square around a random centre to zero.",
        options: [OptionSpec("size", Self.extents, required: true, "The side of the square in pixels.")], positional: 1)
    }
  }

  func augmentation(_ options: Options) -> Augmentation {
    switch self {
    case .padCrop: .padCrop(padding: options.integer("padding") ?? 0)
    case .flipHorizontal: .flipHorizontal
    case .cutout: .cutout(size: options.integer("size") ?? 1)
    }
  }
}

extension DataChecker {
  /// `augment: [pad_crop(4), flip_horizontal]`, or one of them alone.
  func readAugmentation(_ entries: Settings, shape: [Int]?) -> [Augmentation] {
    guard let entry = entries["augment"], let value = reader.evaluateSetting(entry) else { return [] }
    let items: [LocatedOption]
    if case .list(let listed) = value.value { items = listed } else { items = [value] }
    var result: [Augmentation] = []
    for item in items {
      guard let (kind, options) = resolver.resolveMethod(item, among: AugmentationKind.table, spec: { $0.spec }, what: "augmentation")
      else {
        continue
      }
      let augmentation = kind.augmentation(options)
      if let shape, !fits(augmentation, shape, item, among: items, entry) { continue }
      result.append(augmentation)
    }
    return result
  }

  private func fits(
    _ augmentation: Augmentation, _ shape: [Int], _ item: LocatedOption, among items: [LocatedOption], _ entry: SettingEntry
  ) -> Bool {
    let span = item.span
    guard shape.count == 3 else {
      report(
        .augmentationShape, "`\(augmentation.name)` changes images, but an example has shape \(shapeText(shape))", at: span,
        label: "needs channels, height and width", help: "declare the image by three sizes, as `tensor[3, 32, 32]`",
        fixIts: leavingOut(augmentation, item, among: items, entry))
      return false
    }
    let extent = min(shape[1], shape[2])
    let size: Int
    switch augmentation {
    case .padCrop(let padding): size = padding
    case .flipHorizontal: return true
    case .cutout(let side): size = side
    }
    guard size >= extent else { return true }
    report(
      .augmentationShape, "`\(augmentation.name)(\(size))` can leave nothing of an image of \(shape[1]) x \(shape[2])", at: span,
      label: "as large as the image",
      fixIts: extent > 1
        ? [
          FixIt(
            "write `\(augmentation.name)(\(extent - 1))`", edits: [.init(span, "\(augmentation.name)(\(extent - 1))")], confidence: .unsafe)
        ]
        : leavingOut(augmentation, item, among: items, entry))
    return false
  }

  /// A fix that takes one augmentation out, or the setting with its last.
  private func leavingOut(
    _ augmentation: Augmentation, _ item: LocatedOption, among items: [LocatedOption], _ entry: SettingEntry
  ) -> [FixIt] {
    guard items.count > 1 else { return [edits.removing("`augment`", entry.span, .unsafe)] }
    let edit = edits.deletion(of: item.span, among: items.map(\.span))
    return [FixIt("leave out `\(augmentation.name)`", edits: [edit], confidence: .unsafe)]
  }
}
