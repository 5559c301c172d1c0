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
  'unknown-class': 'The dataset "{dataset}" has no class {class}; its classes are {known}.',
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
  'repeated-class': 'The {domain} names class {class} more than once; name each class once.',
  'invalid-pairing':
    'The pairing {pairing} does not give each target class a source class of its own; with {classes} classes it has to hold each number from 0 below {classes} exactly once.',
  'count-too-large': 'The {domain} asks for {asked} images, but there are only {available}.',
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
  'no-such-split': 'The dataset "{dataset}" has no split "{split}".',

  'file-not-found': 'There is no file or folder {file}.',
  'file-unreadable': 'The file {file} cannot be read: it is {problem}.',
  'file-too-large': 'The file {file} has {megabytes} MB; at most {most} MB are read.',
  'unknown-format':
    'The format of {file} is not known here; a dataset is a folder of IDX files, an .npz file or a folder with one subfolder of images a class, and a checkpoint is a .safetensors file or a folder of .npy files.',
  'idx-wrong-magic':
    'The file {file} is no IDX file of this kind: it starts with {found} instead of {expected}.',
  'idx-cut-short':
    'The file {file} is cut short: it has {found} bytes of the {expected} that its header announces.',
  'idx-too-long': 'The file {file} has {found} bytes, more than the {expected} that its header announces.',
  'idx-length-mismatch':
    'The label file {file} has {labels} labels for {images} images; the numbers must be equal.',
  'gzip-damaged': 'The compressed file {file} is damaged or cut short; fetch or copy it again.',
  'packed-too-densely':
    'The file {file} unpacks to more than {ratio} times its size, as no images do; it was not unpacked. If it is right all the same, save it uncompressed.',
  'unequal-sizes': 'The images in {file} are {found} pixels, but the training images are {expected}.',
  'npz-damaged': 'The file {file} is damaged or no .npz archive; write it again with numpy.savez.',
  'npz-missing-array':
    'The file {file} has no array "{array}" (it has: {found}); a dataset needs "images" and "labels".',
  'npz-wrong-array': 'The array "{array}" in {file} is {found}, but must be {expected}.',
  'image-undecodable':
    'The image {file} cannot be decoded; repair or remove it, or choose to skip images that cannot be decoded.',
  'image-too-large': 'The image {file} is {width} x {height} pixels; at most {most} a side are read.',
  'too-many-images':
    'The folder {folder} holds more than {most} images; take a part of them, or save them as one .npz file.',
  'too-many-pixels':
    'The images in {folder} have more than {most} million pixels together; make them smaller or take a part of them.',
  'link-leads-outside':
    '{file} is a link that leads out of the folder {folder}; put the file itself there, or remove the link.',
  'reader-died':
    'The file {file} ended the process that read it ({signal}); nothing else was lost. Remove the file, or write it again with another program.',
  'class-folder-empty': 'The class folder {folder} holds no image; put images in it or remove it.',
  'no-class-folders':
    'The folder {folder} has no class folders; put the images of each class in a subfolder of its own.',
  'dataset-empty': 'The file {file} holds no image.',
  'dataset-too-large':
    'The file {file} unpacks to {megabytes} MB or more; a dataset may have at most {most} MB.',
  'dataset-exists': 'There is already a dataset "{name}"; choose another name or remove that one first.',
  'dataset-name-invalid':
    'A dataset cannot be called "{name}"; use letters, digits, spaces, ".", "_" and "-", and begin with a letter or digit.',
  'images-not-imported': 'The folder of images {folder} must be imported before an experiment can use it.',
  'download-damaged':
    'The file {file} did not arrive as published (its checksum differs); run the set-up again.',

  'checkpoint-newer':
    'The checkpoint {file} was written by a newer version of the lab (format {found}); this one reads up to format {supported}.',
  'checkpoint-cut-short': 'The checkpoint {file} is cut short; copy it again from where it is whole.',
  'checkpoint-damaged':
    'The checkpoint {file} is damaged: its content does not fit its digest; copy it again or use another round.',
  'checkpoint-malformed': 'The file {file} is not a valid safetensors checkpoint: {problem} ({place}).',
  'checkpoint-foreign':
    'The file {file} was written by another program and does not say which experiment it belongs to; import it first or name dataset, classes and pairing.',
  'checkpoint-not-ours':
    "The file {file} holds the weights of another program: none of the lab's networks is in it, so there is nothing to evaluate. It was not changed.",
  'checkpoint-missing-tensor': 'The checkpoint {file} lacks the tensor "{tensor}".',
  'checkpoint-wrong-shape':
    'The tensor "{tensor}" in {file} has the shape {found}, but this network needs {expected}.',
  'pickle-forbidden':
    'The file {file} asks to call {callable}, which no file of arrays needs; it was not executed and cannot be imported.',
  'pickle-malformed':
    'The file {file} does not hold a dict of arrays as the recipe saves it: {problem} ({place}).',
  'pickle-torch':
    'The file {file} holds PyTorch tensors; save plain arrays instead (tensor.numpy()) or a .safetensors file.',
  'run-locked':
    'The run "{run}" is being written by another process ({pid}); stop it there or wait until it ends.',
  'run-file-missing':
    'The file {file} is missing in the folder of the run "{run}"; put it back, or move the run to the trash.',
  'run-file-broken': 'The file {file} of the run "{run}" is cut short or damaged.',
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
  'repeated-seed': 'Runs {first} and {second} on the same side both have the seed {seed}; name one of them.',
  'run-unfinished':
    'The run "{run}" has not been trained to its end; only finished runs are compared over seeds.',
  'unknown-series': 'There is no series "{id}" in the queue any more.',
  'run-running': 'The run "{run}" is still training; stop it first.',
  'nothing-to-resume':
    'The run "{run}" has done all its rounds; ask for more rounds, or for an earlier round to go on from.',
  'not-in-trash':
    'There is no run "{name}" in the trash. | There is no run "{name}" in the trash; the nearest is "{nearest}".',
  'already-there': 'There is already something at {path}; choose another place or move it away first.',
  'no-permission':
    'There is no permission to write or read {path}; change its permissions or choose another place.',
  'not-a-folder': 'A part of {path} is a file, but must be a folder; choose another place.',
  'not-a-file': 'A file is needed, but {path} is a folder; name the file itself.',
  'disk-full': 'The disk is full: {path} could not be written; make space and resume.',
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

  'contract-violation': 'Two parts of the lab did not understand each other ({where}): {problem}',
  unexpected: 'Something went wrong that the lab did not foresee: {problem}',
} as const satisfies ErrorSentences
