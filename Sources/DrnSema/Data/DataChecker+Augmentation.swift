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
    guard shape.count == 3 else {
      report(
        .augmentationShape, "`\(augmentation.name)` changes images, but an example has shape \(shapeText(shape))", at: span,
        label: "needs channels, height and width", help: "declare the image by three sizes, as `tensor[3, 32, 32]`",
        fixIts: leavingOut(augmentation, item, among: items, entry))
      return false
    }
    let extent = min(shape[1], shape[2])
    guard let size = augmentation.reach, size >= extent else { return true }
    report(
      .augmentationShape, "`\(augmentation.text)` can leave nothing of an image of \(shape[1]) x \(shape[2])", at: span,
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
    _ augmentation: any DataAugmentation, _ item: LocatedOption, among items: [LocatedOption], _ entry: SettingEntry
  ) -> [FixIt] {
    guard items.count > 1 else { return [edits.removing("`augment`", entry.span, .unsafe)] }
    let edit = edits.deletion(of: item.span, among: items.map(\.span))
    return [FixIt("leave out `\(augmentation.name)`", edits: [edit], confidence: .unsafe)]
  }
}
