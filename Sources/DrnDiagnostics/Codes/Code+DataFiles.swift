/// Data files, and what is declared of them.
extension Code {
  public static let dataShape = Code(
    401, "data_shape", traits: [.disagreement, .ofFiles],
    summary: "The declared shape of an example is not the shape in the files.",
    meaning: "The files hold examples, or values to be learned, of another shape than declared.",
    failing: Example(
      head: "// with data 60000 [1, 28, 28] 10",
      data: """
        source: fashion_mnist
        image: tensor[784]
        label: class(10)
        examples: 60000
        """, input: "tensor[784]", output: "tensor[10]"
    ),
    corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
    why: "The network would be given other numbers than it was written for.")

  public static let dataClasses = Code(
    402, "data_classes", traits: [.disagreement, .ofFiles],
    summary: "The declared number of classes is not the number in the files.",
    meaning: "The files hold more classes than declared, or classes where real values are declared.",
    failing: Example(
      head: "// with data 60000 [1, 28, 28] 10",
      data: """
        source: fashion_mnist
        image: tensor[1, 28, 28]
        label: class(8)
        examples: 60000
        """, input: "tensor[1, 28, 28]", output: "tensor[8]", network: "return image |> flatten |> fc1: linear(8)"
    ),
    corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
    why: "Some labels would have no output.")

  public static let dataUnreadable = Code(
    406, "data_unreadable", traits: [.ofFiles],
    summary: "Data files are present but cannot be used.",
    meaning: "Data files are present but cut short, damaged or of another format.",
    failing: Example(
      head: "// with broken data",
      data: """
        source: fashion_mnist
        image: tensor[1, 28, 28]
        label: class(10)
        examples: 60000
        """
    ),
    corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
    why: "Training would stop, or learn from garbage.")

  public static let exampleCount = Code(
    410, "example_count", traits: [.ofFiles],
    summary: "The declared number of examples is not the number in the files.",
    meaning: "The files hold another number of examples than declared.",
    failing: Example(
      head: "// with data 60000 [1, 28, 28] 10",
      data: """
        source: fashion_mnist
        image: tensor[1, 28, 28]
        label: class(10)
        examples: 50000
        """
    ),
    corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
    why: "Times in epochs and steps were computed from the declared number.")

  public static let dataDamaged = Code(
    411, "data_damaged", traits: [.ofFiles],
    summary: "A data file is cut short or damaged.",
    meaning: "A data file ends before the examples it should hold, or its contents cannot be decoded. The message names the file.",
    failing: .pictures("damaged data"),
    corrected: .soundPictures,
    why: "What is missing would be made up. Copy the file again, or remove the image.")

  public static let mixedImageSizes = Code(
    412, "mixed_image_sizes", traits: [.ofFiles],
    summary: "The images of a data set differ in size.",
    meaning: "The images have different sizes, or some are grey and some are in colour. The message names the first that differs.",
    failing: .pictures("mixed data"),
    corrected: .soundPictures,
    why: "A batch is one tensor, and images are not resized behind the author's back.")

  public static let dataEmpty = Code(
    413, "data_empty", traits: [.ofFiles],
    summary: "A file or folder holds no examples.",
    meaning: "A folder of images has no class in it, a class has no image, or a file has no record.",
    failing: .pictures("empty data"),
    corrected: .soundPictures,
    why: "Nothing could be learned, or an output of the network would never be right.")

  public static let labelRange = Code(
    414, "label_range", traits: [.ofFiles],
    summary: "A label in the files is none of the classes.",
    meaning: "A label in the files is not an integer from 0 to the number of classes less one, or a token is not below the number that "
      + "`next_token` states. The message names the first.",
    failing: .pictures("data of other labels"),
    corrected: .soundPictures,
    why: "Such an example has no output to be held against; often the file is of another data set.")
}

extension Example {
  /// A folder of images whose headers read as `condition` says.
  fileprivate static func pictures(_ condition: String) -> Example {
    Example(
      head: "// with \(condition)",
      data: """
        source: images("pictures")
        image: tensor[1, 28, 28]
        label: class(10)
        """)
  }
  fileprivate static var soundPictures: Example { pictures("data 60000 [1, 28, 28] 10") }
}
