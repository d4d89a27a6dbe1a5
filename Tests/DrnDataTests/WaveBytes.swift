import DrnTestSupport

/// WAV files made in memory.
struct WaveBytes {
  var riff = "RIFF"
  var form = "WAVE"
  var tag: UInt16 = 1
  var channels: UInt16 = 1
  var rate: UInt32 = 8000
  var bits: UInt16 = 16
  /// Bytes of a frame; those of the bits where it is nil.
  var frame: UInt16?
  /// What follows the first 16 bytes of `fmt `.
  var more: [UInt8] = []
  var samples: [UInt8] = littleEndian(Int16(0)) + littleEndian(Int16(16384)) + littleEndian(Int16(-32768))
  /// Sizes that are announced in place of the true ones.
  var announcedFile: UInt32?
  var announcedSamples: UInt32?
  var announcedFormat: UInt32?
  /// The chunks in their order; `fmt ` and `data` are filled in.
  var order: [(name: String, content: [UInt8])] = [("fmt ", []), ("data", [])]
  /// Whether an odd size is filled up at the end of the file too.
  var fillsEnd = true

  static func with(_ change: (inout WaveBytes) -> Void) -> [UInt8] {
    var file = WaveBytes()
    change(&file)
    return file.bytes
  }

  /// The end of an extended format: the bits in use, no place of a speaker, and a format by its number.
  static func extended(_ tag: UInt16, valid: UInt16, rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71])
    -> [UInt8]
  {
    littleEndian(UInt16(22)) + littleEndian(valid) + littleEndian(UInt32(4)) + littleEndian(tag) + rest
  }

  var bytes: [UInt8] {
    let frame = frame ?? bits / 8 * channels
    let format =
      littleEndian(tag) + littleEndian(channels) + littleEndian(rate) + littleEndian(rate &* UInt32(frame)) + littleEndian(frame)
      + littleEndian(bits) + more
    var body: [UInt8] = []
    for (index, chunk) in order.enumerated() {
      let content = chunk.name == "fmt " ? format : chunk.name == "data" ? samples : chunk.content
      let announced = chunk.name == "fmt " ? announcedFormat : chunk.name == "data" ? announcedSamples : nil
      body += Array(chunk.name.utf8) + littleEndian(announced ?? UInt32(content.count)) + content
      if content.count % 2 == 1, fillsEnd || index + 1 < order.count { body.append(0) }
    }
    return Array(riff.utf8) + littleEndian(announcedFile ?? UInt32(body.count + 4)) + Array(form.utf8) + body
  }
}
