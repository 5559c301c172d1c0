/**
 * The sentence of every error in English, in vue-i18n's message format: `{name}` is a parameter of the code.
 * Where a suggestion may be missing, the text after `|` is the sentence with one. Literal `@ | { }` are
 * written `{'@'}`.
 */
import type { ErrorSentences } from './sentences'

export const errorsEn = {
  'unknown-command':
    'There is no command "{name}". | There is no command "{name}"; did you mean "{nearest}"?',
  'unknown-option':
    'There is no option "{name}" here. | There is no option "{name}" here; did you mean "{nearest}"?',
  'missing-argument': 'The command "{command}" needs {name}.',
  'missing-value': 'The option "{option}" needs a value.',
  'unexpected-argument': 'The command "{command}" has no use for "{text}".',
  'exclusive-options': 'Give either "{first}" or "{second}", not both.',
  'empty-name':
    'The option "{option}" is given "{value}", in which a name is missing; write names with one comma between each two.',
  'repeated-name': 'The option "{option}" names "{name}" more than once; name each once.',
  'varied-setting': 'The setting "{name}" is what "{option}" goes through; leave it out of "--set".',
  'seeds-beyond':
    'From the seed {seed} on there are not {count} seeds, as the last one is {most}; choose a lower "--seed" or fewer "--seeds".',
  'unknown-preset': 'There is no preset "{name}". | There is no preset "{name}"; the nearest is "{nearest}".',
  'unknown-dataset':
    'There is no dataset "{name}". | There is no dataset "{name}"; the nearest is "{nearest}".',
  'unknown-method': 'There is no method "{name}". | There is no method "{name}"; the nearest is "{nearest}".',
  'unknown-setting':
    'There is no setting "{name}". | There is no setting "{name}"; the nearest is "{nearest}".',
  'unknown-class':
    'The dataset "{dataset}" has no class "{class}"; its classes are {known}. | The dataset "{dataset}" has no class "{class}"; the nearest is "{nearest}". Its classes are {known}.',
  'unknown-run': 'There is no run "{name}". | There is no run "{name}"; the nearest is "{nearest}".',
  'unknown-round': 'The run "{run}" has no checkpoint of round {round}; it has {known}.',
  'missing-setting': 'The setting "{name}" is missing and has no default; give it a value.',
  'wrong-type': 'The setting "{name}" is {value}, but must be {expected}.',
  'out-of-range': 'The setting "{name}" is {value}, but must lie between {least} and {most}.',
  'not-one-of':
    'The setting "{name}" cannot be "{value}"; it is one of: {choices}. | The setting "{name}" cannot be "{value}"; did you mean "{nearest}"? It is one of: {choices}.',
  'malformed-setting':
    'Cannot read "{text}" as a setting; write it as key=value, such as adaptation.epochs=10.',
  'malformed-config': 'The file {file} cannot be read: {problem} ({place}).',
  'unequal-classes':
    'The source has {source} classes and the target {target}; both need the same number, as each target class stands for one source class.',
  'classes-do-not-meet':
    'The source has no class named "{class}", as {strange} of the target\'s classes. Give the pairing as a list, or set "pairing" to "positions" to pair the classes in the order listed. | The source has no class named "{class}", the nearest is "{nearest}"; this is so for {strange} of the target\'s classes. Give the pairing as a list, or set "pairing" to "positions" to pair the classes in the order listed.',
  'per-class-too-many':
    'The setting "{name}" asks for {asked} samples of each class, but class {class} has only {available}.',
  'shifts-need-images':
    'The setting "{name}" changes images, but the dataset "{dataset}" holds vectors; leave the list empty.',
  'unlike-samples':
    'The samples of the source are {source} and those of the target {target}; both domains need samples of one kind and length.',
  'source-unlabelled':
    'The dataset "{dataset}" has no labels, so it cannot be the source; choose a dataset with labels.',
  'needs-labels':
    'The setting "{name}" needs the class of every sample, and the dataset "{dataset}" has samples whose class is not known.',
  'none-labelled':
    'No sample in "{split}" of the dataset "{dataset}" has a label, so nothing can be measured there; choose another split or a dataset with labels (--dataset).',
  'repeated-class': 'The {domain} names class {class} more than once; name each class once.',
  'invalid-pairing':
    'The pairing {pairing} does not give each target class a source class of its own; with {classes} classes it has to hold each number from 0 below {classes} exactly once.',
  'count-too-large':
    'The {domain} asks for {asked} images, but there are only {available}; set its count to at most that, or to all.',
  'method-needs-views':
    'The method "{method}" learns from random views of images, and vectors have none; choose another method.',
  'views-need-images': 'The setting "{name}" has to be null for vectors: only images have random views.',
  'encoder-refuses-samples':
    'The encoder "{encoder}" takes samples of shape {takes}, but these have the shape {given}. | The encoder "{encoder}" takes samples of shape {takes}, but these have the shape {given}; set "model.encoder" to "{nearest}".',
  'backbone-not-exported':
    'This checkpoint takes features of the backbone "{network}", which the format "{format}" cannot take along yet; export it as "safetensors", or its predictions with `predict`.',
  'backbone-not-by-column':
    'Features of the backbone "{network}" are not normalised by column; set "model.vectors" to "l2" or "none".',
  'backbone-without-weights':
    'There are no weights of the backbone "{network}"; bring a file of them: `backbones --import FILE`.',
  'backbone-ambiguous':
    'There are several weights of the backbone "{network}" ({digests}); set "model.backbone.weights" to the digest of those to use.',
  'too-few-classes': 'The method "{method}" needs at least {least} classes, but the source has {found}.',
  'shots-too-many':
    'The setting "adaptation.shots" asks for {asked} labelled images of each class, but class {class} of the target has only {available}.',
  'shots-leave-none':
    'The setting "adaptation.shots" gives {asked} target images with their labels, and the target has {images}; at least one has to be left without, to adapt to and to measure on.',
  'shots-of-one':
    'With one class, the setting "adaptation.shots" at 1 gives each step a single labelled image; {encoder} normalises by the batch and needs at least two.',
  'batch-of-one':
    'With "{name}" at {batch} and {images} images in the {domain}, a batch holds a single image; {encoder} normalises by the batch and needs at least two. Another batch size, or another number of images, is right.',
  'too-few-images': 'The {domain} has {found} image; it needs at least {least}.',
  'labels-and-shots':
    'The setting "adaptation.shots" draws {shots} labelled images of each class, and "adaptation.labels" names {labels} of them; give one of the two.',
  'labels-not-learned':
    'The method "{method}" learns nothing after the source stage, so that labels of the target would have no effect; choose a method that adapts, or remove "adaptation.labels".',
  'labels-leave-none':
    'The setting "adaptation.labels" gives {labels} target images with their labels, and the target has {images}; at least one has to be left without, to adapt to.',
  'labels-of-one':
    'The setting "adaptation.labels" gives a single labelled image; {encoder} normalises by the batch and needs at least two.',
  'label-class-unknown':
    'The setting "adaptation.labels" names the class "{class}", which the source does not have; its classes are {known}. | The setting "adaptation.labels" names the class "{class}", which the source does not have; the nearest is "{nearest}". Its classes are {known}.',
  'label-sample-twice':
    'The setting "adaptation.labels" gives the sample {sample} two labels; each sample has one.',
  'labels-outside-target':
    'The setting "adaptation.labels" names samples that are not among the target\'s (number of them: {count}; the first: {samples}); it takes the index in the dataset of samples that the target\'s split, classes and count select.',
  'no-such-split': 'The dataset "{dataset}" has no split "{split}".',

  'file-not-found': 'There is no file or folder {file}.',
  'empty-path': 'The path "{path}" is empty; name a file or a folder.',
  'file-unreadable': 'The file {file} cannot be read: it is {problem}.',
  'file-too-large': 'The file {file} has {megabytes} MB; at most {most} MB are read.',
  'unknown-format':
    'The format of {file} is not known here. "datasets --formats" and the Data page list what a dataset can be; a checkpoint is a .safetensors file or a folder of .npy files.',
  'idx-wrong-magic':
    'The file {file} is no IDX file of this kind: it starts with {found} instead of {expected}.',
  'idx-cut-short':
    'The file {file} is cut short: it has {found} bytes of the {expected} that its header announces.',
  'idx-too-long': 'The file {file} has {found} bytes, more than the {expected} that its header announces.',
  'idx-length-mismatch':
    'The label file {file} has {labels} labels for {images} images; the numbers must be equal.',
  'idx-not-this-kind':
    'By its name the file {file} holds images, but it is an array of shape {found}; images have three or four dimensions, vectors two.',
  'idx-no-samples':
    'The IDX files in {file} hold labels only; put the file with their images beside them, such as train-images-idx3-ubyte.',
  'sets-several': 'The folder {folder} holds several datasets: {options}. Choose one.',
  'set-unknown': 'The folder {folder} holds no dataset "{set}"; it holds: {options}. Choose one of them.',
  'gzip-damaged': 'The compressed file {file} is damaged or cut short; fetch or copy it again.',
  'packed-too-densely':
    'The file {file} unpacks to more than {ratio} times its size, as no images do; it was not unpacked. If it is right all the same, save it uncompressed.',
  'unequal-sizes': 'The images in {file} are {found} pixels, but the training images are {expected}.',
  'text-encoding-unknown': 'The text of {file} is neither UTF-8 nor UTF-16 nor GBK; save it again as UTF-8.',
  'table-empty': 'The table {file} has no row of values.',
  'table-one-column':
    'The table {file} has a single column: its values are separated neither by commas nor by semicolons nor by tabs; save it with one of these.',
  'table-too-wide': 'The table {file} has {columns} columns; at most {most} are read.',
  'table-row-length':
    'Row {row} of {file} has {found} columns, but the first row has {expected}; every row needs the same columns.',
  'table-quote-open':
    'A quotation mark in row {row} of {file} is not closed, or stands inside a value; every quoted value needs one at both ends.',
  'table-text-cell':
    'Row {row}, column "{column}" of {file} holds "{value}", which is no number; correct it, or take the column out.',
  'table-values-missing':
    'The table {file} has a missing value in row {row}, column "{column}", and {count} in all; fill them or leave these rows out.',
  'table-no-numbers':
    'The table {file} has no column of numbers beside the labels; a table of samples needs a column for each pixel or feature.',
  'decimal-comma-unclear':
    'Row {row}, column "{column}" of {file} holds "{value}", where the comma may be a decimal point or separate thousands; write decimals with a point.',
  'label-column-unclear':
    'Which column of {file} holds the labels is not clear; name it, or "none" if there are no labels. It has: {options}.',
  'label-column-unknown':
    'The table {file} has no column "{column}"; name another as the label, or "none". It has: {options}.',
  'npz-damaged': 'The file {file} is damaged or no .npz archive; write it again with numpy.savez.',
  'npz-entry-unreadable':
    'The array {entry} in {file} cannot be read: {problem}; write the file again with numpy.savez.',
  'container-damaged':
    'The {format} file {file} is cut short or damaged; copy it again, or write it again with the program it comes from.',
  'array-unread':
    'The array "{array}" in {file} is {content}, which is not read here; save it as a plain array of numbers.',
  'matlab-version-4':
    'The file {file} is a MATLAB file of version 4, which is not read here; save it again in MATLAB with save(..., "-v7").',
  'too-many-arrays':
    'The file {file} holds more than {most} arrays, which is the limit; join samples of one size in one array.',
  'npz-missing-array':
    'The file {file} has no array "{array}" (it has: {found}); a dataset needs "images" or "features", and "labels" under that name if there are any.',
  'npz-too-many-arrays':
    'The archive {file} holds more than {most} arrays; save those that are needed alone.',
  'array-header-unreadable':
    'The array "{array}" in {file} does not begin as NumPy writes arrays; save it again with numpy.save or numpy.savez.',
  'array-length-misfit':
    'The array "{array}" in {file} has {found} bytes of values where its header announces {expected}; it is damaged or cut short, so save or copy it again.',
  'array-pickled':
    'The array "{array}" in {file} is a pickled Python object, which is never opened here; save plain arrays with allow_pickle=False (numpy.savez).',
  'array-type-unread':
    'The array "{array}" in {file} has the type {type}, which is not read; save it as whole numbers, as floats of at most 64 bits, or as text.',
  'arrays-unnamed':
    'Which arrays in {file} hold the samples and which their labels cannot be told by their names; say which. There are: {options}.',
  'unknown-array':
    'The file {file} has no array "{name}". | The file {file} has no array "{name}"; the nearest is "{nearest}".',
  'layout-unclear':
    'What the axes of the array "{array}" in {file} mean, whose shape is {shape}, is not clear; choose one of: {options} (n samples, h rows, w columns, c colours).',
  'layout-misfit':
    'The array "{array}" in {file} has the shape {shape}, which the layout {asked} does not fit; images are [n, h, w] or have 1, 3 or 4 colours beside, and vectors [n, d].',
  'lengths-differ':
    'In {file} the array "{first}" holds {samples} samples and the array "{second}" {labels} labels; the numbers must be equal.',
  'label-unfit':
    'The array "{array}" in {file} holds the label {value} at index {index}; labels are whole numbers from 0 to {most} (-1 or NaN: not known), one-hot rows, or texts.',
  'too-many-texts':
    'The labels "{array}" in {file} hold {found} different texts; a dataset has at most {most} classes.',
  'label-outside-names':
    'The array "{array}" in {file} holds the label {value} at index {index}, which is none of the {count} classes in "{names}"; labels count from 0.',
  'pixel-not-finite':
    'The array "{array}" in {file} holds {value} in the image at index {image}; pixels must be finite numbers.',
  'range-unknown':
    'The values of the array "{array}" in {file} ({type}) lie between {least} and {most}, and no range of pixels is known that they fill; save bytes from 0 to 255, or floats from 0 to 1.',
  'range-differs':
    'The values of the array "{array}" in {file} lie between {least} and {most}, but those of "{first}" are {range}; scale both alike.',
  'format-named-unread': 'The file {file} is {kind}.',
  'vector-not-finite':
    'The array "{array}" in {file} holds {value} at row {row}, column {column} (counted from 0); vectors must be finite.',
  'npz-wrong-array': 'The array "{array}" in {file} is {found}, but must be {expected}.',
  'image-undecodable':
    'The image {file} cannot be decoded; repair or remove it, or choose to skip files that cannot be read.',
  'image-kind-unread':
    '{file} is {kind}, which is not read; convert it to JPEG or PNG, or choose to skip files that cannot be read.',
  'image-too-large':
    'The image {file} is {width} x {height} pixels; images of at most {most} megapixels and {side} pixels a side are read. Make it smaller, or choose to skip files that cannot be read.',
  'image-beyond-memory':
    'The image {file} is {width} x {height} pixels and takes about {needed} of memory to decode; at most {most} may be used on this machine. Make it smaller, or choose to skip files that cannot be read.',
  'too-many-images':
    '{folder} holds more than {most} files; take a part of them, or save the images as one .npz file.',
  'link-leads-outside':
    '{file} is a link that leads out of the folder {folder}; put the file itself there, remove the link, or choose to follow links.',
  'reader-died':
    'The file {file} ended the process that read it ({signal}); nothing else was lost. Remove the file, or write it again with another program.',
  'reading-too-long':
    'The file {file} was not read after {seconds} seconds, so reading it was given up; nothing was changed. Write it again with another program, or copy it to a faster disk.',
  'reading-cancelled': 'Reading {file} was cancelled; nothing was changed.',
  'class-folder-empty':
    'No image of the class "{class}" in {folder} can be decoded; add one that can, or remove the class folder.',
  'no-images': 'The folder {folder} holds no image; put the images of each class in a subfolder of its own.',
  'several-domains':
    'The folder {folder} holds several folders with the same classes ({classes}), so each is a dataset of its own; choose one of them: {options}.',
  'look-inside': 'The folder {folder} is no dataset itself. Choose one of the datasets inside it: {options}.',
  'folders-too-deep': 'The folder {folder} lies more than {most} folders deep; move its files up.',
  'too-many-classes':
    '{file} has {found} classes; at most {most} are read. Choose a folder with fewer subfolders.',
  'class-name-unusable':
    'A class in {file} has the name "{name}"; the name of a class is not empty and has at most {most} characters.',
  'class-names-equal': 'Two classes in {file} have the name "{name}"; each class needs a name of its own.',
  'list-root-unclear':
    'The files that {file} lists, such as {first}, do not lie beside it; name the folder that its paths start from.',
  'list-leads-outside':
    '{file} lists {path}, which lies outside {folder}; put the file itself there, or choose to follow links.',
  'list-files-missing':
    '{count} files that {file} lists do not exist: {names}. Add them, or remove their lines.',
  'list-line-unreadable':
    'Line {line} of {file} is "{text}"; each line must be a path, a space and a label, or only a path on every line.',
  'dataset-empty': 'The file {file} holds no image.',
  'dataset-too-large':
    'The file {file} unpacks to {megabytes} MB or more; a dataset may have at most {most} MB.',
  'dataset-beyond-memory':
    'The {samples} samples of {file} need {needed} of memory, and at most {most} of a folder that is not imported are held here: about {fit} samples fit. Import the folder, or take a part of them.',
  'dataset-beyond-disk':
    'The images of {file} need about {needed} on the disk, but only {free} are free at {path}; nothing was written. Make space, or take a part of them.',
  'dataset-damaged':
    'The file {file} of an imported dataset is damaged; remove the dataset and import it again.',
  'dataset-changed':
    'There is already a dataset "{name}", and its folder has changed since it was imported: {added} added, {removed} removed, {changed} changed ({files}). Replace it (--replace; the present one goes to the trash) or choose another name.',
  'dataset-exists': 'There is already a dataset "{name}"; choose another name or remove that one first.',
  'dataset-name-invalid':
    'A dataset cannot be called "{name}": a name has at most 60 characters, does not begin with "." or "-" nor end with ".", and holds no comma, line break or sign that file names may not have, such as / : ? or *; device names of Windows such as "con" are not allowed either.',
  'upload-name-unusable':
    'The file {file} cannot be sent under this name; rename it: at most 200 characters, none of them \\ : * ? " < > |.',
  'upload-name-twice': 'Two of the files have the name {file}; rename one of them.',
  'upload-too-deep':
    'The file {file} lies too deep to be sent: at most {max} levels; choose a folder further down.',
  'dataset-in-trash': 'The dataset "{name}" is in the trash; restore it there to use it again.',
  'dataset-not-in-trash':
    'There is no dataset "{name}" in the trash. | There is no dataset "{name}" in the trash; the nearest is "{nearest}".',
  'images-not-imported': 'The folder of images {folder} must be imported before an experiment can use it.',
  'download-damaged':
    'The file {file} did not arrive as published (its checksum differs); run the set-up again.',
  'labels-of-path':
    'Labels are kept beside an imported dataset, and {path} is given by its path; import it, and give the labels to the dataset.',
  'labels-columns':
    'The first line of {file} does not name the columns "file" and "label"; a table of labels begins with "file,label".',
  'labels-unknown-files':
    'The table {file} names files that the dataset "{dataset}" does not have (number of them: {count}; the first: {names}). Names are relative to the folder that was imported; for arrays they are the row, counted from 0. Nothing was changed.',
  'labels-unknown-classes':
    'The table {file} names classes that do not exist (number of them: {count}; the first: {names}; lines: {lines}); the classes are {known}. Nothing was changed.',
  'labels-contradict':
    'The table {file} gives files two different labels (number of them: {count}; the first: {names}); keep one row of each file. Nothing was changed.',
  'label-outside-dataset':
    'There is no sample {sample} in the dataset "{dataset}", which has {samples}; samples count from 0.',
  'none-labelled-by-hand':
    'No labels were given to the samples of the dataset "{dataset}" by hand; give some in the window, or with the command "labels".',

  'checkpoint-newer':
    'The checkpoint {file} was written by a newer version of the lab (format {found}); this one reads up to format {supported}.',
  'checkpoint-cut-short': 'The checkpoint {file} is cut short; copy it again from where it is whole.',
  'checkpoint-damaged':
    'The checkpoint {file} is damaged: its content does not fit its digest; copy it again or use another round.',
  'checkpoint-malformed': 'The file {file} is not a valid safetensors checkpoint: {problem} ({place}).',
  'checkpoint-foreign':
    'The file {file} was written by another program and does not say which experiment it belongs to; import it first or name dataset, classes and pairing.',
  'path-not-named':
    '"{origin}" comes from elsewhere and names the dataset {path}; it is opened only if you allow it in the window or name it yourself with "{option}".',
  'path-elsewhere':
    '"{origin}" comes from elsewhere and names the dataset {path}, a place on the network or a device, which is not opened for that; if it is yours, name it yourself with "{option}".',
  'checkpoint-not-ours':
    "The file {file} holds the weights of another program: none of the lab's networks is in it, so there is nothing to evaluate. It was not changed.",
  'tensors-of-one-name':
    'The tensors "{first}" and "{second}" in {file} have the same name "{tensor}" without "module." and "_orig_mod."; save only one of them.',
  'tensor-type-unreadable':
    'The tensor "{tensor}" in {file} has the type {type}, but weights are read as {known}; save it as one of these.',
  'pixels-unknown':
    'The file {file} does not say how pixels were scaled in training; add --pixels unit (from 0 to 1) or --pixels symmetric (from -1 to 1).',
  'pixels-known':
    'The file {file} says that pixels were scaled as "{known}" in training, not as "{asked}"; leave out --pixels.',
  'pixels-of-vectors':
    'The networks in {file} take vectors, which have no pixels to scale; leave out --pixels.',
  'checkpoint-without-classifier':
    'The file {file} has an encoder but no classifier, so it gives features and no classes; choose a checkpoint with both.',
  'classes-unnamed':
    'The file {file} does not say the names of its {count} classes; name them in the order of its classifier (--classes).',
  'class-names-misfit':
    'The classifier in {file} has {count} classes, but {found} names are given; give one name for each class, in its order.',
  'samples-unfit-network':
    'The samples of "{dataset}" are {found}, but the network takes {expected}; choose samples like those that it was trained on.',
  'predictions-busy':
    'The file {file} is being written by another process ({pid}); wait for it, or write to another file (--out).',
  'predictions-over-samples':
    'The file {file} holds the samples that are read, and predictions would destroy it; write to another file (--out).',
  'predictions-exist': 'The file {file} exists; add --force to replace it, or write to another one (--out).',
  'predictions-unfinished':
    'The file {file} was begun by a call that was interrupted; add --continue to go on after its last row, or --force to begin again.',
  'predictions-differ':
    'The rows in {file} were written by another call: "{setting}" differs, so no rows are added to them; add --force to begin again, or write to another file (--out).',
  'predictions-format-unknown':
    'The ending of {file} names no format that predictions are written in; it is one of: {endings}.',
  'classes-one-folder':
    'The classes "{first}" and "{second}" differ only in letter case or Unicode form and would share a folder on some systems; give other names of the classes (--classes).',
  'class-not-a-folder':
    'The class "{class}" cannot be the name of a folder on every system; give other names of the classes (--classes).',
  'sort-needs-files':
    'The samples of "{samples}" are rows of arrays or their folder is not known, and only image files can be sorted into folders; leave out --sort-into, or name the folder of the images (--path).',
  'sort-inside-samples':
    'The folder {folder} for sorted images lies in {samples}, which is read; choose a folder outside of it.',
  'sort-name-taken':
    'Another file is already at {file}, and nothing is overwritten; choose an empty folder (--sort-into).',
  'no-such-sample': 'The dataset "{dataset}" has {count} samples, numbered from 0, and no sample {sample}.',
  'statistics-unreadable':
    'The networks in {file} take vectors whose columns are normalised by the samples of "{dataset}", which cannot be read; import this dataset again, or export as tfjs and normalise vectors yourself.',
  'checkpoint-missing-tensor': 'The checkpoint {file} lacks the tensor "{tensor}".',
  'checkpoint-wrong-shape':
    'The tensor "{tensor}" in {file} has the shape {found}, but this network needs {expected}.',
  'tensor-not-finite':
    'The tensor "{tensor}" in {file} holds {value}, with which no network can compute; use another round or file.',
  'tensor-negative-variance':
    'The tensor "{tensor}" in {file} holds a negative number, but variances are 0 or more; use another round or file.',
  'tensor-overflows':
    'The weights in {file} are so large that the values of its networks may overflow, those of "{tensor}" above all; use another round or file.',
  'output-not-finite':
    'The network "{network}" gives NaN or infinite values for these images, so nothing can be measured; use an earlier round, or train with a lower learning rate.',
  'pickle-forbidden':
    'The file {file} asks to call {callable}, which no file of arrays needs; it was not executed and cannot be imported.',
  'pickle-malformed':
    'The file {file} does not hold a dict of arrays as the recipe saves it: {problem} ({place}).',
  'pickle-torch':
    'The file {file} holds PyTorch tensors; save plain arrays instead (tensor.numpy()) or a .safetensors file.',
  'torch-malformed': 'The file {file} cannot be read as a PyTorch file: {problem} ({place}).',
  'torch-needs-code':
    'The file {file} asks to call {callable}, which no file of weights needs; it was not executed. Save the weights alone: torch.save(model.state_dict(), path).',
  'torch-whole-model':
    'The file {file} holds a whole model, which only its own program can load ({callable}); nothing of it was executed. Save the weights alone: torch.save(model.state_dict(), path).',
  'torch-script':
    'The file {file} is a TorchScript program, not a file of weights; load it in PyTorch and save torch.jit.load(path).state_dict().',
  'torch-optimiser':
    'The file {file} holds the state of an optimiser but no weights of a network; use the file with model.state_dict().',
  'torch-no-weights':
    'The file {file} holds no tensors by name, alone or under "state_dict" or "model"; save model.state_dict().',
  'weights-format-unknown':
    'The file {file} is neither a .safetensors file nor one of torch.save, so no weights can be read from it.',
  'backbone-unrecognised':
    'The weights in {file} are of no network known here: it holds {count} tensors, such as {names}. Known are {known}.',
  'backbone-not-declared':
    'The weights in {file} look like those of {found}, which is not known here. Known are {known}.',
  'backbone-other-network': 'The weights in {file} are those of {found}, but those of {expected} are needed.',
  'backbone-tensors-missing':
    'The weights in {file} look like those of {network}, but {count} of its tensors are missing, such as {names}.',
  'backbone-tensors-extra':
    'The weights in {file} look like those of {network}, but {count} tensors are not part of it, such as {names}.',
  'backbone-shapes-differ':
    'The weights in {file} look like those of {network}, but {count} tensors have other shapes: {tensors}.',
  'backbone-damaged':
    'The file {file} does not hold the weights of {network} with the digest {digest} in its name: it was damaged or exchanged. Import the weights again with "backbones --import FILE".',
  'backbone-missing':
    'The weights of {network} with the digest {digest} are not on this machine; bring them with "backbones --import FILE".',
  'labels-locked':
    'The labels of "{dataset}" are being changed by another process ({pid}); try again when it is done, or end it.',
  'run-locked':
    'The run "{run}" is being written by another process ({pid}); stop it there or wait until it ends.',
  'run-file-missing':
    'The file {file} is missing in the folder of the run "{run}"; put it back, or move the run to the trash.',
  'run-file-broken': 'The file {file} of the run "{run}" is cut short or damaged.',
  'run-file-newer':
    'The file {file} of the run "{run}" was written by a newer version of the lab (format {found}); this one reads up to format {supported}.',
  'run-file-misfit':
    'The file {file} of the run "{run}" was changed, or written by another version of the lab: "{setting}" in it does not fit.',
  'run-lines-unreadable':
    '{count} lines of {file} of the run "{run}" cannot be read and are left out (line {lines}).',
  'checkpoint-empty': 'The checkpoint {file} is empty; use another round.',
  'runs-differ':
    'Runs {first} and {second} differ in {setting}: only runs that differ in nothing but their seeds can be laid together.',
  'tasks-differ':
    'Runs {first} and {second} have different tasks, as they differ in {setting}: only figures on the same target and classes can be compared.',
  'seeds-differ':
    'The runs on the one side have the seeds {first}, those on the other {second}; both sides need the same seeds, one run each.',
  'run-unfinished':
    'The run "{run}" has not been trained to its end; only finished runs are compared over seeds.',
  'unknown-series': 'There is no series "{id}" in the queue any more.',
  'run-running': 'The run "{run}" is still training; stop it first.',
  'nothing-to-resume':
    'The run "{run}" has done all its rounds; ask for more rounds, or for an earlier round to go on from.',
  'not-in-trash':
    'There is no run "{name}" in the trash. | There is no run "{name}" in the trash; the nearest is "{nearest}".',
  'deletes-for-good':
    'This deletes {what} for good and cannot be undone, and nobody can be asked here: add --yes to delete it. Nothing was deleted.',
  'already-there': 'There is already something at {path}; choose another place or move it away first.',
  'no-permission':
    'There is no permission to write or read {path}; change its permissions or choose another place.',
  'not-a-folder': 'A part of {path} is a file, but must be a folder; choose another place.',
  'not-a-file': 'A file is needed, but {path} is a folder; name the file itself.',
  'disk-full': 'The disk is full: {path} could not be written; make space there and try again.',
  'name-too-long':
    'A name in the path {path} is longer than the system takes, or the path is; choose a shorter one.',
  'links-in-a-circle':
    'The links in the path {path} lead in a circle; name the file or folder itself, or mend the links.',
  'path-with-nul': 'The path {path} holds a zero byte (NUL), which no path may; write it without.',
  'too-many-open-files':
    'No more files can be opened: this is the limit of {limit}; close other programs, or raise the limit (ulimit -n).',
  'device-failed':
    'The system can neither read nor write {path} ({problem}); see whether its disk or network drive is connected and sound, and whether another program keeps the file to itself.',
  'system-refused': 'The system refused something that the lab needs: {problem}.',
  'output-unwritable':
    'Standard output could not be written ({problem}), so the answer is lost; send it to a place with space that can be written.',
  'not-enough-space':
    'This needs about {needed}, but only {free} are free at {path}; keep fewer rounds, make space or choose another data folder.',

  'loss-not-finite':
    'The loss "{term}" is no longer a finite number in round {round}, step {step}; training stopped and the rounds before are kept. Try a lower learning rate.',
  'source-loss-not-finite':
    'The loss of the source stage is no longer a finite number in epoch {epoch}, step {step}; training stopped. Try a lower learning rate.',
  'worker-died':
    'The process "{worker}" ended without warning ({signal}); complete rounds are kept, and the run can be resumed.',
  'native-missing':
    "TensorFlow's native library cannot be loaded ({problem}); run the set-up again: npm run setup",
  'not-running': 'The run "{run}" is not training now.',
  'port-taken':
    'Port {port} is taken by another program; choose another with --port, or leave it out to take any free one.',
  'port-not-allowed':
    'There is no permission to use port {port}; choose one from 1024 on with --port, or leave it out to take any free one.',

  'step-reads-value':
    'The step "{step}" reads a value back ({tensor}) while it runs; as one graph it can only compute with tensors.',
  'step-op-unsupported':
    'The operation {op} in the step "{step}" cannot be recorded: its result has a shape that depends on values, or differs from call to call.',
  'step-attribute-unknown':
    'The attribute {attribute} of the operation {op} in the step "{step}" is of a kind that cannot be recorded.',
  'step-constant-too-large':
    'The step "{step}" uses a tensor of {shape} from outside ({bytes} bytes; constants have at most {most}); make it an input or resident.',
  'step-not-repeatable':
    'The step "{step}" gives {op} other values each time it runs; pass what changes, such as random numbers, as an input.',
  'step-variable-unlisted':
    'The step "{step}" makes, reads or changes the variable "{variable}", which is not listed as its own.',
  'step-wrong-input': 'The input "{input}" of the step "{step}" is {found}, but was compiled as {expected}.',
  'graph-refused': 'TensorFlow refused the graph of a training step: {problem}',
  'graph-differs':
    'The graph of the step "{step}" gives {graph} for "{output}", where the step itself gives {eager}.',

  'layout-unknown':
    'No network of this experiment declares the tensor "{tensor}", so the order of its values is not known.',
  'contract-violation': 'Two parts of the lab did not understand each other ({where}): {problem}',
  unexpected: 'Something went wrong that the lab did not foresee: {problem}',
} as const satisfies ErrorSentences
