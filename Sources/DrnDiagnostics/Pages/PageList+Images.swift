extension Page {
  /// The pages of codes DRN0411 to DRN0419: files of examples, and augmentation.
  static let images: [Page] = [
    Page(
      .dataDamaged,
      meaning: "A data file ends before the examples it should hold, or its contents cannot be decoded. The message names the file.",
      failing: .pictures("damaged data"),
      corrected: .soundPictures,
      why: "What is missing would be made up. Copy the file again, or remove the image."),
    Page(
      .mixedImageSizes,
      meaning: "The images have different sizes, or some are grey and some are in colour. The message names the first that differs.",
      failing: .pictures("mixed data"),
      corrected: .soundPictures,
      why: "A batch is one tensor, and images are not resized behind the author's back."),
    Page(
      .dataEmpty,
      meaning: "A folder of images has no class in it, a class has no image, or a file has no record.",
      failing: .pictures("empty data"),
      corrected: .soundPictures,
      why: "Nothing could be learned, or an output of the network would never be right."),
    Page(
      .labelRange,
      meaning: "A label in the files is not an integer from 0 to the number of classes less one. The message names the first.",
      failing: .pictures("data of other labels"),
      corrected: .soundPictures,
      why: "Such an example has no output to be held against; often the file is of another data set."),
    Page(
      .augmentationShape,
      meaning:
        "`augment:` changes images, so an example needs channels, height and width; and a padding or cutout must be smaller than them.",
      failing: Example(
        data: """
          source: fashion_mnist
          image: tensor[1, 28, 28]
          label: class(10)
          examples: 60000
          augment: [flip_horizontal, cutout(28)]
          """
      ),
      corrected: Example(
        data: """
          source: fashion_mnist
          image: tensor[1, 28, 28]
          label: class(10)
          examples: 60000
          augment: [flip_horizontal, cutout(8)]
          """
      ),
      why: "A crop or a hole as large as the image would leave nothing of it."),
    Page(
      .updateOfForm,
      meaning:
        "An `update:` of a clause moves weights of other forms or ranks, a form has bases that are said to move and nothing moves them, or bases that turn in every step are averaged.",
      failing: .fc1("update: basis_update(sgd())"),
      corrected: .fc1("update: basis_update(sgd())", "from epoch 0: core(rank: 32, bases: moving)"),
      why: "The weight would stay where it is, or be trained by something else than what is written."),
  ]
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
