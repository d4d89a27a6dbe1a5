import DrnData
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension DataChecker {
  /// `augment: [pad_crop(4), flip_horizontal]`, or one of them alone.
  func readAugmentation(_ entries: Settings, shape: [Int]?) -> [any DataAugmentation] {
    guard let entry = entries[Table.augment], let value = reader.given(Table.augment, entries) else { return [] }
    let items: [LocatedOption]
    if case .list(let listed) = value.value { items = listed } else { items = [value] }
    var result: [any DataAugmentation] = []
    for item in items {
      guard
        let (type, options) = resolver.resolveMethod(
          item, among: vocabulary.data.augmentations, spec: { $0.spec }, what: "augmentation")
      else { continue }
      let augmentation = type.init(options: options)
      if let shape, !fits(augmentation, shape, item, among: items, entry) { continue }
      result.append(augmentation)
    }
    return result
  }

  private func fits(
    _ augmentation: any DataAugmentation, _ shape: [Int], _ item: LocatedOption, among items: [LocatedOption], _ entry: SettingEntry
  ) -> Bool {
    let span = item.span
    let subject = type(of: augmentation).subject
    let isImage = subject == .images
    guard shape.count == subject.sizeCount else {
      report(
        .augmentationShape, "`\(augmentation.name)` changes \(subject.rawValue), but an example has shape \(shapeText(shape))", at: span,
        label: isImage ? "needs channels, height and width" : "needs positions and features",
        help: isImage
          ? "declare the image by three sizes, as `tensor[3, 32, 32]`" : "declare the sequence by two sizes, as `tensor[96, 40]`",
        fixIts: leavingOut(augmentation, item, among: items, entry))
      return false
    }
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    let reach = augmentation.reach
    guard reach.rows >= rows || reach.columns >= columns else { return true }
    let noun = isImage ? "image" : "sequence"
    report(
      .augmentationShape, "`\(augmentation.text)` can leave nothing of \(isImage ? "an" : "a") \(noun) of \(rows) x \(columns)", at: span,
      label: "as large as the \(noun)",
      fixIts: smaller(augmentation, rows, columns, at: span) ?? leavingOut(augmentation, item, among: items, entry))
    return false
  }

  /// A fix that writes the largest size that leaves something, of an augmentation with one.
  private func smaller(_ augmentation: any DataAugmentation, _ rows: Int, _ columns: Int, at span: Span) -> [FixIt]? {
    let spec = type(of: augmentation).spec
    let reach = augmentation.reach
    let extent = min(reach.rows > 0 ? rows : Int.max, reach.columns > 0 ? columns : Int.max)
    guard spec.options.count == 1, spec.positional == 1, extent > 1 else { return nil }
    let text = "\(augmentation.name)(\(extent - 1))"
    return [FixIt("write `\(text)`", edits: [.init(span, text)], confidence: .unsafe)]
  }

  /// A fix that takes one augmentation out, or the setting with its last.
  private func leavingOut(
    _ augmentation: any DataAugmentation, _ item: LocatedOption, among items: [LocatedOption], _ entry: SettingEntry
  ) -> [FixIt] {
    guard items.count > 1 else { return [edits.removing("`augment`", entry.span, .unsafe)] }
    let edit = edits.deletion(of: item.span, among: items.map(\.span))
    return [FixIt("leave out `\(augmentation.name)`", edits: [edit], confidence: .unsafe)]
  }
}
