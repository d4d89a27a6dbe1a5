import DrnSource

/// Those of some fix-its that can be applied together, in their order.
///
/// A fix-it is taken whole or not at all: one that touches another file, reaches beyond the end, or overlaps an edit of an earlier fix-it is
/// left out; one fix-it given twice counts once.
public func compatible(_ fixIts: [FixIt], in source: SourceFile) -> [FixIt] {
  var accepted: [FixIt] = []
  var edits: [FixIt.Edit] = []
  var seen: Set<FixIt> = []
  for fixIt in fixIts where seen.insert(fixIt).inserted {
    let fits = fixIt.edits.allSatisfy { edit in isInside(edit.span, source) && !edits.contains { overlap($0.span, edit.span) } }
    guard fits else { continue }
    accepted.append(fixIt)
    edits += fixIt.edits
  }
  return accepted
}

/// The bytes of a file with those fix-its applied that go together. Insertions at one place keep the order in which they are given.
public func apply(_ fixIts: [FixIt], to source: SourceFile) -> [UInt8] {
  splice(compatible(fixIts, in: source).flatMap(\.edits), source)
}

private func isInside(_ span: Span, _ source: SourceFile) -> Bool {
  span.file == source.id && span.start >= 0 && span.end <= source.bytes.count
}

/// Whether two edits change a common byte; an insertion overlaps only a replacement that surrounds it.
private func overlap(_ left: Span, _ right: Span) -> Bool { left.start < right.end && right.start < left.end }

private func splice(_ edits: [FixIt.Edit], _ source: SourceFile) -> [UInt8] {
  let ordered = edits.enumerated().sorted { left, right in
    let (first, second) = (left.element.span, right.element.span)
    return (first.start, first.end, left.offset) < (second.start, second.end, right.offset)
  }
  var result: [UInt8] = []
  var copied = 0
  for (_, edit) in ordered {
    guard edit.span.start >= copied else { continue }
    result += source.bytes[copied..<edit.span.start]
    result += Array(edit.replacement.utf8)
    copied = edit.span.end
  }
  return result + source.bytes[copied...]
}
