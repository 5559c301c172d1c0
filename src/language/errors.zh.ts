/** 每种错误的中文说明；格式与英文表相同（`{name}` 为参数，`|` 之后是带有建议的说法）。 */
import type { ErrorSentences } from './sentences'

export const errorsZh = {
  'unknown-command': '没有“{name}”这个命令。 | 没有“{name}”这个命令，是不是“{nearest}”？',
  'unknown-option': '这里没有“{name}”这个选项。 | 这里没有“{name}”这个选项，是不是“{nearest}”？',
  'missing-argument': '命令“{command}”还缺少参数：{name}。',
  'missing-value': '选项“{option}”后面要跟一个值。',
  'unexpected-argument': '命令“{command}”用不到“{text}”，请去掉。',
  'exclusive-options': '“{first}”和“{second}”只能给一个。',
  'empty-name': '选项“{option}”的值“{value}”中缺少一个名称，请在各名称之间只写一个逗号。',
  'repeated-name': '选项“{option}”里“{name}”出现了不止一次，每个名称只写一次。',
  'varied-setting': '设置项“{name}”由“{option}”逐一给出，请不要写在“--set”里。',
  'seeds-beyond':
    '从种子 {seed} 起没有 {count} 个种子，因为最后一个是 {most}；请给更小的“--seed”或更少的“--seeds”。',
  'unknown-preset': '没有“{name}”这个预设。 | 没有“{name}”这个预设，最接近的是“{nearest}”。',
  'unknown-dataset': '没有“{name}”这个数据集。 | 没有“{name}”这个数据集，最接近的是“{nearest}”。',
  'unknown-method': '没有“{name}”这个方法。 | 没有“{name}”这个方法，最接近的是“{nearest}”。',
  'unknown-setting': '没有“{name}”这个设置项。 | 没有“{name}”这个设置项，最接近的是“{nearest}”。',
  'unknown-class':
    '数据集“{dataset}”里没有类别“{class}”，现有类别为：{known}。 | 数据集“{dataset}”里没有类别“{class}”，最接近的是“{nearest}”。现有类别为：{known}。',
  'unknown-run': '没有“{name}”这次运行。 | 没有“{name}”这次运行，最接近的是“{nearest}”。',
  'unknown-round': '运行“{run}”没有第 {round} 轮的检查点，现有：{known}。',
  'missing-setting': '设置项“{name}”没有给出，也没有默认值，请为它指定一个值。',
  'wrong-type': '设置项“{name}”的值是 {value}，应为{expected}。',
  'out-of-range': '设置项“{name}”的值是 {value}，应在 {least} 到 {most} 之间。',
  'not-one-of':
    '设置项“{name}”不能是“{value}”，可选：{choices}。 | 设置项“{name}”不能是“{value}”，是不是“{nearest}”？可选：{choices}。',
  'malformed-setting': '看不懂设置“{text}”，请写成“键=值”，例如 adaptation.epochs=10。',
  'malformed-config': '无法读取文件 {file}：{problem}（{place}）。',
  'unequal-classes':
    '源域有 {source} 个类别，目标域有 {target} 个；两者必须一样多，因为每个目标类都要对应一个源类。',
  'classes-do-not-meet':
    '源域没有名为“{class}”的类别，目标域有 {strange} 个类别如此。请用列表给出配对，或把“pairing”设为“positions”，按所列顺序配对。 | 源域没有名为“{class}”的类别，最接近的是“{nearest}”；目标域有 {strange} 个类别如此。请用列表给出配对，或把“pairing”设为“positions”，按所列顺序配对。',
  'per-class-too-many': '设置项“{name}”要求每类 {asked} 个样本，但类别 {class} 只有 {available} 个。',
  'shifts-need-images': '设置项“{name}”用于改变图像，而数据集“{dataset}”的样本是向量；请让它为空列表。',
  'unlike-samples': '源域的样本是{source}，目标域的样本是{target}；两个域的样本必须同类、同长。',
  'source-unlabelled': '数据集“{dataset}”没有标签，不能作为源域；请选择有标签的数据集。',
  'none-labelled':
    '数据集“{dataset}”的“{split}”中没有带标签的样本，无法在其上评估；请选择其他划分，或有标签的数据集（--dataset）。',
  'needs-labels': '设置项“{name}”需要每个样本的类别，而数据集“{dataset}”中有类别未知的样本。',
  'repeated-class': '{domain}里类别 {class} 写了不止一次，每个类别只能写一次。',
  'invalid-pairing':
    '配对 {pairing} 没有让每个目标类各对应一个源类；共 {classes} 个类别，从 0 到 {classes} 之前的每个数都要恰好出现一次。',
  'count-too-large':
    '{domain}要 {asked} 张图像，但一共只有 {available} 张；请把它的数量（count）设为不超过该数，或设为 all。',
  'method-needs-views': '方法“{method}”要从图像的随机变换中学习，而向量没有这样的变换；请换一种方法。',
  'views-need-images': '样本是向量时，设置“{name}”必须为 null：只有图像才有随机变换。',
  'encoder-refuses-samples':
    '编码器“{encoder}”接受形状为 {takes} 的样本，而这些样本的形状为 {given}。 | 编码器“{encoder}”接受形状为 {takes} 的样本，而这些样本的形状为 {given}；请将“model.encoder”设为“{nearest}”。',
  'backbone-not-exported':
    '这个检查点接受主干网络“{network}”的特征，“{format}”格式目前不能一并带上主干网络；请导出为“safetensors”，或用 `predict` 导出其预测。',
  'backbone-not-by-column': '主干网络“{network}”的特征不按列归一化，请将“model.vectors”设为“l2”或“none”。',
  'backbone-without-weights':
    '没有主干网络“{network}”的权重，请提供一个权重文件：`backbones --import 文件`。',
  'backbone-ambiguous':
    '主干网络“{network}”有多份权重（{digests}），请将“model.backbone.weights”设为要使用的那一份的摘要。',
  'too-few-classes': '方法“{method}”至少需要 {least} 个类别，而源域只有 {found} 个。',
  'shots-too-many':
    '设置“adaptation.shots”要求每类 {asked} 张带标签的图像，但目标域的类别 {class} 只有 {available} 张。',
  'shots-leave-none':
    '设置“adaptation.shots”要给 {asked} 张目标域图像带上标签，而目标域共有 {images} 张；至少要留下一张不带标签，用来适应和测量。',
  'shots-of-one':
    '只有一个类别时，设置“adaptation.shots”取 1 会让每一步只有一张带标签的图像；{encoder} 按批做归一化，至少需要两张。',
  'labels-and-shots':
    '设置“adaptation.shots”要每类抽取 {shots} 张带标签的图像，而“adaptation.labels”又指定了 {labels} 张；两者只能给一个。',
  'labels-not-learned':
    '方法“{method}”在源域阶段之后不再学习，目标域标签不会起作用；请换成会适应的方法，或去掉“adaptation.labels”。',
  'labels-leave-none':
    '设置“adaptation.labels”给 {labels} 张目标域图像带上了标签，而目标域共有 {images} 张；至少要留下一张不带标签，用来适应。',
  'labels-of-one': '设置“adaptation.labels”只给了一张带标签的图像；{encoder} 按批做归一化，至少需要两张。',
  'label-class-unknown':
    '设置“adaptation.labels”中的类别“{class}”不在源域里，源域的类别为：{known}。 | 设置“adaptation.labels”中的类别“{class}”不在源域里，最接近的是“{nearest}”。源域的类别为：{known}。',
  'label-sample-twice': '设置“adaptation.labels”给第 {sample} 号样本写了两个标签；每个样本只能有一个。',
  'labels-outside-target':
    '设置“adaptation.labels”中有不属于目标域的样本（共 {count} 个，前几个是：{samples}）；样本以数据集中的序号表示，须在目标域的划分、类别和数量所选的范围内。',
  'batch-of-one':
    '“{name}”为 {batch}、{domain}有 {images} 张图像时，会有一个批次只含一张图像；{encoder} 按批做归一化，每批至少需要两张。请换一个批大小或图像数。',
  'too-few-images': '{domain}只有 {found} 张图像，至少需要 {least} 张。',
  'no-such-split': '数据集“{dataset}”没有“{split}”这一部分。',

  'file-not-found': '找不到文件或文件夹 {file}。',
  'empty-path': '路径“{path}”是空的，请指明文件或文件夹。',
  'file-unreadable': '无法读取文件 {file}：它是{problem}。',
  'file-too-large': '文件 {file} 有 {megabytes} MB，最多只能读取 {most} MB。',
  'unknown-format':
    '不认识 {file} 的格式。“datasets --formats”和“数据”页列出数据集可用的格式；检查点是 .safetensors 文件或装有 .npy 文件的文件夹。',
  'idx-wrong-magic': '{file} 不是这种 IDX 文件：开头是 {found}，应为 {expected}。',
  'idx-cut-short': '文件 {file} 不完整：文件头说有 {expected} 字节，实际只有 {found} 字节。',
  'idx-too-long': '文件 {file} 有 {found} 字节，多于文件头所说的 {expected} 字节。',
  'idx-length-mismatch': '标签文件 {file} 有 {labels} 个标签，图像却有 {images} 张，两者必须相等。',
  'idx-not-this-kind':
    '按文件名 {file} 存放图像，但它是形状为 {found} 的数组；图像有三维或四维，向量有两维。',
  'idx-no-samples': '{file} 中的 IDX 文件只有标签；请把图像文件放在一起，例如 train-images-idx3-ubyte。',
  'sets-several': '文件夹 {folder} 含有多个数据集：{options}。请选择其中一个。',
  'set-unknown': '文件夹 {folder} 中没有数据集“{set}”；其中有：{options}。请选择其中一个。',
  'gzip-damaged': '压缩文件 {file} 已损坏或不完整，请重新下载或复制。',
  'packed-too-densely':
    '文件 {file} 解压后超过自身大小的 {ratio} 倍，图像不会如此，因此没有解压；如果文件确实无误，请不压缩另存。',
  'unequal-sizes': '{file} 里的图像是 {found} 像素，而训练图像是 {expected} 像素。',
  'text-encoding-unknown': '{file} 的文本既不是 UTF-8 或 UTF-16，也不是 GBK；请另存为 UTF-8。',
  'table-empty': '表格 {file} 没有数值行。',
  'table-one-column': '表格 {file} 只有一列：其中的值没有用逗号、分号或制表符分隔；请用其中一种保存。',
  'table-too-wide': '表格 {file} 有 {columns} 列；最多读取 {most} 列。',
  'table-row-length': '{file} 的第 {row} 行有 {found} 列，而第一行有 {expected} 列；每一行的列数必须相同。',
  'table-quote-open': '{file} 第 {row} 行的引号没有闭合，或位于值的中间；带引号的值两端都要有引号。',
  'table-text-cell': '{file} 第 {row} 行“{column}”列为“{value}”，不是数；请改正，或去掉这一列。',
  'table-values-missing':
    '表格 {file} 第 {row} 行“{column}”列缺少值，共缺 {count} 个；请补全，或去掉这些行。',
  'table-no-numbers': '表格 {file} 除标签外没有数值列；样本表的每个像素或特征各占一列。',
  'decimal-comma-unclear':
    '{file} 第 {row} 行“{column}”列为“{value}”，无法确定其中的逗号是小数点还是千位分隔符；请用句点写小数。',
  'label-column-unclear': '无法确定 {file} 的哪一列是标签；请指定该列，没有标签则写“none”。各列：{options}。',
  'label-column-unknown': '表格 {file} 没有“{column}”列；请另指定标签列，或写“none”。各列：{options}。',
  'npz-damaged': '{file} 已损坏，或者不是 .npz 文件，请用 numpy.savez 重新保存。',
  'npz-entry-unreadable': '无法读取 {file} 中的数组 {entry}：{problem}，请用 numpy.savez 重新保存。',
  'container-damaged': '{format} 文件 {file} 不完整或已损坏；请重新复制，或用原来的程序重新写出。',
  'array-unread': '{file} 中的数组“{array}”是{content}，这里不读取；请另存为普通的数值数组。',
  'matlab-version-4':
    '文件 {file} 是 MATLAB 第 4 版的文件，这里不读取；请在 MATLAB 中用 save(..., "-v7") 重新保存。',
  'too-many-arrays': '文件 {file} 含有超过 {most} 个数组，这是上限；请把大小相同的样本合并为一个数组。',
  'npz-missing-array':
    '{file} 里没有数组“{array}”（现有：{found}）；数据集需要“images”或“features”；如有标签，名称须为“labels”。',
  'npz-too-many-arrays': '归档 {file} 中的数组超过 {most} 个，请只保存需要的数组。',
  'array-header-unreadable':
    '{file} 中的数组“{array}”的开头不是 NumPy 写出的样子，请用 numpy.save 或 numpy.savez 重新保存。',
  'array-length-misfit':
    '{file} 中的数组“{array}”有 {found} 字节的数值，而文件头所说的是 {expected} 字节；它已损坏或不完整，请重新保存或复制。',
  'array-pickled':
    '{file} 中的数组“{array}”是 pickle 的 Python 对象，这里从不打开；请以 allow_pickle=False 保存普通数组（numpy.savez）。',
  'array-type-unread':
    '{file} 中的数组“{array}”的类型是 {type}，无法读取；请存为整数、不超过 64 位的浮点数或文本。',
  'arrays-unnamed': '从名称看不出 {file} 中哪些数组是样本、哪些是标签；请指明。现有：{options}。',
  'unknown-array': '{file} 里没有数组“{name}”。 | {file} 里没有数组“{name}”，最接近的是“{nearest}”。',
  'layout-unclear':
    '{file} 中的数组“{array}”形状为 {shape}，各轴的含义不明确；请选择：{options}（n 样本，h 行，w 列，c 颜色）。',
  'layout-misfit':
    '{file} 中的数组“{array}”形状为 {shape}，与排列 {asked} 不符；图像应为 [n, h, w]，可另有 1、3 或 4 个颜色通道，向量应为 [n, d]。',
  'lengths-differ':
    '{file} 中的数组“{first}”有 {samples} 个样本，数组“{second}”有 {labels} 个标签，两者必须相等。',
  'label-unfit':
    '{file} 中的数组“{array}”在索引 {index} 处的标签是 {value}；标签应为 0 到 {most} 的整数（-1 或 NaN 表示未知）、独热行或文本。',
  'too-many-texts': '{file} 中的标签“{array}”有 {found} 种不同的文本，数据集最多 {most} 个类别。',
  'label-outside-names':
    '{file} 中的数组“{array}”在索引 {index} 处的标签是 {value}，不属于“{names}”中的 {count} 个类别；标签从 0 数起。',
  'pixel-not-finite': '{file} 中的数组“{array}”在索引为 {image} 的图像里有值 {value}；像素必须是有限的数。',
  'range-unknown':
    '{file} 中的数组“{array}”（{type}）的值在 {least} 到 {most} 之间，不是已知的像素取值范围；请存为 0 到 255 的字节，或 0 到 1 的浮点数。',
  'range-differs':
    '{file} 中的数组“{array}”的值在 {least} 到 {most} 之间，而“{first}”的值是{range}；请用同样的方式缩放两者。',
  'format-named-unread': '文件 {file} 是{kind}。',
  'vector-not-finite':
    '{file} 中的数组“{array}”在第 {row} 行第 {column} 列（从 0 数起）的值是 {value}；向量的值必须有限。',
  'npz-wrong-array': '{file} 中的数组“{array}”是 {found}，应为 {expected}。',
  'image-undecodable': '无法解码图像 {file}；请修复或移走它，也可以选择跳过无法读取的文件。',
  'image-kind-unread':
    '{file} 是 {kind}，不读取这种文件；请转换为 JPEG 或 PNG，也可以选择跳过无法读取的文件。',
  'image-too-large':
    '图像 {file} 的大小是 {width} x {height} 像素；最多读取 {most} 百万像素、每边 {side} 像素的图像。请缩小它，也可以选择跳过无法读取的文件。',
  'image-beyond-memory':
    '图像 {file} 的大小是 {width} x {height} 像素，解码约需 {needed} 内存；本机最多可用 {most}。请缩小它，也可以选择跳过无法读取的文件。',
  'too-many-images': '{folder} 中的文件超过 {most} 个，请只取一部分，或把图像存成一个 .npz 文件。',
  'link-leads-outside':
    '{file} 是指向文件夹 {folder} 之外的链接，请把文件本身放进来，移走这个链接，或选择跟随链接。',
  'reader-died':
    '读取文件 {file} 的进程因它而结束（{signal}），其他一切都没有受影响；请移走这个文件，或用别的程序重新保存。',
  'reading-too-long':
    '读取文件 {file} 超过 {seconds} 秒，已放弃，没有任何改动；请用别的程序重新保存，或把它复制到更快的磁盘上。',
  'reading-cancelled': '已取消读取 {file}，没有任何改动。',
  'class-folder-empty':
    '{folder} 中类别“{class}”没有一张能解码的图像；请加入能解码的图像，或删除该类别文件夹。',
  'no-images': '文件夹 {folder} 里没有图像，请把每一类图像放进各自的子文件夹。',
  'several-domains':
    '文件夹 {folder} 里有几个文件夹含有相同的类别（{classes}），它们各是一个数据集；请从中选择一个：{options}。',
  'look-inside': '文件夹 {folder} 本身不是数据集。请选择其中的一个数据集：{options}。',
  'folders-too-deep': '文件夹 {folder} 的层级超过 {most} 层，请把文件移到上层。',
  'too-many-classes': '{file} 有 {found} 个类别，最多读取 {most} 个；请选择子文件夹较少的文件夹。',
  'class-name-unusable': '{file} 中有一个类别的名称是“{name}”；类别名称不能为空，最多 {most} 个字符。',
  'class-names-equal': '{file} 中有两个类别的名称都是“{name}”；每个类别需要不同的名称。',
  'list-root-unclear': '{file} 列出的文件（例如 {first}）不在它旁边；请指明这些路径从哪个文件夹开始。',
  'list-leads-outside': '{file} 列出了 {folder} 之外的 {path}；请把文件本身放进来，或选择跟随链接。',
  'list-files-missing': '{file} 列出的 {count} 个文件不存在：{names}。请补上这些文件，或删除对应的行。',
  'list-line-unreadable': '{file} 第 {line} 行是“{text}”；每行应为路径、空格和标签，或者所有行都只有路径。',
  'dataset-empty': '文件 {file} 里没有图像。',
  'dataset-too-large': '文件 {file} 解压后至少有 {megabytes} MB，数据集最多只能有 {most} MB。',
  'dataset-beyond-memory':
    '{file} 的 {samples} 个样本需要 {needed} 内存，而未导入的文件夹在这里最多占 {most}，大约能放下 {fit} 个样本；请导入该文件夹，或只取一部分。',
  'dataset-beyond-disk':
    '{file} 的图像大约需要 {needed} 磁盘空间，而 {path} 处只剩 {free}；没有写入任何文件。请腾出空间，或只取一部分。',
  'dataset-damaged': '已导入数据集的文件 {file} 已损坏；请删除这个数据集后重新导入。',
  'dataset-changed':
    '已经有名为“{name}”的数据集，而它的文件夹在导入之后有变化：新增 {added} 个，移走 {removed} 个，改动 {changed} 个（{files}）。请替换它（--replace，原来的移到回收站），或换个名字。',
  'dataset-exists': '已经有名为“{name}”的数据集，请换个名字，或先删除原来的。',
  'dataset-name-invalid':
    '数据集不能叫“{name}”：名称最多 60 个字符，不能以“.”或“-”开头，也不能以“.”结尾，不能含英文逗号、换行，以及 / : ? * 等文件名不允许的符号，也不能是 con 等 Windows 设备名。',
  'upload-name-unusable':
    '文件 {file} 不能用这个名称发送，请改名：最多 200 个字符，不能含 \\ : * ? " < > |。',
  'upload-name-twice': '有两个文件的名称都是 {file}；请重命名其中一个。',
  'upload-too-deep': '文件 {file} 所在的层级太深，无法发送：最多 {max} 层，请选择更下层的文件夹。',
  'dataset-in-trash': '数据集“{name}”在回收站里；恢复之后才能再用。',
  'dataset-not-in-trash':
    '回收站里没有数据集“{name}”。 | 回收站里没有数据集“{name}”，最接近的是“{nearest}”。',
  'images-not-imported': '图像文件夹 {folder} 要先导入，实验才能使用。',
  'download-damaged': '文件 {file} 与发布的不一致（校验和不同），请重新运行安装。',
  'labels-of-path': '标签保存在已导入的数据集旁边，而 {path} 是按路径给出的；请先导入，再标注该数据集。',
  'labels-columns': '{file} 的第一行没有写明“file”和“label”两列；标签表格的第一行应为“file,label”。',
  'labels-unknown-files':
    '表格 {file} 中有数据集“{dataset}”里不存在的文件（共 {count} 个，前几个是：{names}）。文件名相对于导入时的文件夹；数组数据用从 0 数起的行号。未作任何更改。',
  'labels-unknown-classes':
    '表格 {file} 中有不存在的类别（共 {count} 个，前几个是：{names}；所在行：{lines}）；现有类别为：{known}。未作任何更改。',
  'labels-contradict':
    '表格 {file} 给同一个文件写了不同的标签（共 {count} 个文件，前几个是：{names}）；每个文件只保留一行。未作任何更改。',
  'label-outside-dataset': '数据集“{dataset}”没有第 {sample} 号样本，共有 {samples} 个样本，从 0 数起。',
  'none-labelled-by-hand': '数据集“{dataset}”还没有手工标签；请在窗口中标注样本，或使用命令“labels”。',

  'checkpoint-newer':
    '检查点 {file} 由更新版本的实验室写成（格式 {found}），当前版本最高只能读取格式 {supported}。',
  'checkpoint-cut-short': '检查点 {file} 不完整，请从完整的副本重新复制。',
  'checkpoint-damaged': '检查点 {file} 已损坏：内容与其摘要不符，请重新复制或改用其他轮次。',
  'checkpoint-malformed': '{file} 不是有效的 safetensors 检查点：{problem}（{place}）。',
  'checkpoint-foreign': '{file} 由其他程序写成，没有说明属于哪个实验；请先导入，或指明数据集、类别和配对。',
  'path-not-named':
    '“{origin}”来自别处，其中写有数据集 {path}；只有您在窗口中允许，或用“{option}”亲自指明，才会打开。',
  'path-elsewhere':
    '“{origin}”来自别处，其中写有数据集 {path}；它位于网络上或是设备，不会因此而打开；如果它是您的，请用“{option}”亲自指明。',
  'checkpoint-not-ours':
    '{file} 保存的是其他程序的权重：其中没有实验室的任何网络，因此没有可以评估的内容。该文件未被改动。',
  'tensors-of-one-name':
    '{file} 中的张量“{first}”和“{second}”去掉“module.”和“_orig_mod.”之后同为“{tensor}”；请只保存其中一个。',
  'tensor-type-unreadable':
    '{file} 中张量“{tensor}”的类型是 {type}，而权重只能按 {known} 读取；请改用其中一种类型保存。',
  'pixels-unknown':
    '{file} 没有说明训练时像素如何缩放；请加上 --pixels unit（0 到 1）或 --pixels symmetric（-1 到 1）。',
  'pixels-known': '{file} 写明训练时像素按“{known}”缩放，而不是“{asked}”；请去掉 --pixels。',
  'pixels-of-vectors': '{file} 中的网络以向量为输入，没有像素可缩放；请去掉 --pixels。',
  'checkpoint-without-classifier':
    '{file} 中有编码器而没有分类器，只能给出特征，不能给出类别；请选择两者都有的检查点。',
  'classes-unnamed': '{file} 没有写明它的 {count} 个类别的名称；请按分类器中的顺序给出（--classes）。',
  'class-names-misfit':
    '{file} 中的分类器有 {count} 个类别，而给出的名称有 {found} 个；请按顺序为每个类别各给一个名称。',
  'samples-unfit-network':
    '“{dataset}”的样本是{found}，而该网络的输入是{expected}；请选择与训练时同样的样本。',
  'predictions-busy': '文件 {file} 正由另一个进程（{pid}）写入；请等它完成，或写入其他文件（--out）。',
  'predictions-over-samples': '文件 {file} 正是要读取的样本，写入预测结果会毁掉它；请写入其他文件（--out）。',
  'predictions-exist': '文件 {file} 已存在；加上 --force 替换它，或写入其他文件（--out）。',
  'predictions-unfinished':
    '文件 {file} 由一次被中断的调用写到一半；加上 --continue 从最后一行之后继续，或加上 --force 重新开始。',
  'predictions-differ':
    '{file} 中的行由另一次调用写入：“{setting}”不同，因此不再追加；加上 --force 重新开始，或写入其他文件（--out）。',
  'predictions-format-unknown': '{file} 的扩展名不是预测结果的任何一种格式；可用的有：{endings}。',
  'classes-one-folder':
    '类别“{first}”和“{second}”只有大小写或 Unicode 形式不同，在有些系统上会成为同一个文件夹；请另给类别名称（--classes）。',
  'class-not-a-folder': '类别“{class}”不能在所有系统上作为文件夹名；请另给类别名称（--classes）。',
  'sort-needs-files':
    '“{samples}”的样本是数组中的行，或其文件夹未知；只有图像文件能分到文件夹中。请去掉 --sort-into，或指定图像所在文件夹（--path）。',
  'sort-inside-samples': '存放分类结果的文件夹 {folder} 位于要读取的 {samples} 之内；请选择其外的文件夹。',
  'sort-name-taken': '{file} 处已有另一个文件，不会覆盖；请选择空文件夹（--sort-into）。',
  'no-such-sample': '数据集“{dataset}”有 {count} 个样本，从 0 开始编号，没有样本 {sample}。',
  'statistics-unreadable':
    '{file} 中的网络以向量为输入，各列须按“{dataset}”的样本标准化，而该数据集无法读取；请重新导入它，或导出为 tfjs 并自行标准化。',
  'checkpoint-missing-tensor': '检查点 {file} 缺少张量“{tensor}”。',
  'checkpoint-wrong-shape': '{file} 中张量“{tensor}”的形状是 {found}，而这个网络需要 {expected}。',
  'tensor-not-finite': '{file} 中的张量“{tensor}”含有 {value}，网络无法用它计算；请换一个轮次或文件。',
  'tensor-negative-variance': '{file} 中的张量“{tensor}”含有负数，而方差不能小于 0；请换一个轮次或文件。',
  'tensor-overflows':
    '{file} 中的权重过大，网络的数值可能溢出，其中以“{tensor}”最为突出；请换一个轮次或文件。',
  'output-not-finite':
    '网络“{network}”对这些图像给出 NaN 或无穷大，因此无法测量；请使用更早的轮次，或以更低的学习率训练。',
  'pickle-forbidden': '文件 {file} 要求调用 {callable}，而数组文件并不需要它；没有执行，也无法导入。',
  'pickle-malformed': '{file} 里不是该教程所保存的“名称到数组”的字典：{problem}（{place}）。',
  'pickle-torch': '{file} 里是 PyTorch 张量；请改存普通数组（tensor.numpy()）或 .safetensors 文件。',
  'torch-malformed': '无法把 {file} 作为 PyTorch 文件读取：{problem}（{place}）。',
  'torch-needs-code':
    '文件 {file} 要求调用 {callable}，而权重文件并不需要它；没有执行。请只保存权重：torch.save(model.state_dict(), path)。',
  'torch-whole-model':
    '文件 {file} 里是整个模型，只有它自己的程序才能载入（{callable}）；其中的内容没有执行。请只保存权重：torch.save(model.state_dict(), path)。',
  'torch-script':
    '文件 {file} 是 TorchScript 程序，不是权重文件；请在 PyTorch 中载入，再保存 torch.jit.load(path).state_dict()。',
  'torch-optimiser': '文件 {file} 里是优化器的状态，没有网络的权重；请使用保存了 model.state_dict() 的文件。',
  'torch-no-weights':
    '文件 {file} 中没有按名称保存的张量，“state_dict”或“model”之下也没有；请保存 model.state_dict()。',
  'weights-format-unknown': '{file} 既不是 .safetensors 文件，也不是 torch.save 所写的文件，无法读取权重。',
  'backbone-unrecognised':
    '{file} 中的权重不属于这里已知的任何网络：共 {count} 个张量，例如 {names}。已知的有 {known}。',
  'backbone-not-declared': '{file} 中的权重看来属于 {found}，而这里不认识它。已知的有 {known}。',
  'backbone-other-network': '{file} 中的权重属于 {found}，而需要的是 {expected} 的权重。',
  'backbone-tensors-missing': '{file} 中的权重看来属于 {network}，但缺少它的 {count} 个张量，例如 {names}。',
  'backbone-tensors-extra': '{file} 中的权重看来属于 {network}，但有 {count} 个张量不属于它，例如 {names}。',
  'backbone-shapes-differ': '{file} 中的权重看来属于 {network}，但有 {count} 个张量的形状不同：{tensors}。',
  'backbone-damaged':
    '文件 {file} 中的不是 {network} 的、摘要与文件名中 {digest} 相符的权重：它已损坏或被替换。请用“backbones --import FILE”重新导入。',
  'backbone-missing': '本机没有摘要为 {digest} 的 {network} 权重；请用“backbones --import FILE”导入。',
  'labels-locked': '数据集“{dataset}”的标签正由另一个进程（{pid}）修改；请等它完成后重试，或结束该进程。',
  'run-locked': '运行“{run}”正由另一个进程（{pid}）写入，请在那边停止它，或等它结束。',
  'run-file-missing': '运行“{run}”的文件夹里缺少 {file}；请把它放回去，或把这次运行移入回收站。',
  'run-file-broken': '运行“{run}”的文件 {file} 不完整或已损坏。',
  'run-file-newer':
    '运行“{run}”的文件 {file} 由更新版本的实验室写成（格式 {found}），当前版本最高只能读取格式 {supported}。',
  'run-file-misfit':
    '运行“{run}”的文件 {file} 被改动过，或由其他版本的实验室写成：其中的“{setting}”不合要求。',
  'run-lines-unreadable': '运行“{run}”的 {file} 有 {count} 行无法读取，已略去（第 {lines} 行）。',
  'checkpoint-empty': '检查点 {file} 是空的，请改用其他轮次。',
  'runs-differ': '运行 {first} 与 {second} 的 {setting} 不同：只有除种子外设置完全相同的运行才能汇总。',
  'tasks-differ':
    '运行 {first} 与 {second} 的 {setting} 不同，不是同一个任务：只有目标域和类别都相同的结果才能比较。',
  'seeds-differ': '一边的运行用的种子是 {first}，另一边是 {second}；两边的种子必须相同，每个种子各一次运行。',
  'run-unfinished': '运行“{run}”还没有训练完；只有已完成的运行才能按种子比较。',
  'unknown-series': '队列中已没有系列“{id}”。',
  'run-running': '运行“{run}”还在训练，请先停止它。',
  'nothing-to-resume': '运行“{run}”的各轮都已完成；请增加轮数，或指定从较早的某一轮继续。',
  'not-in-trash': '回收站里没有“{name}”这次运行。 | 回收站里没有“{name}”这次运行，最接近的是“{nearest}”。',
  'deletes-for-good':
    '这会永久删除{what}，无法撤销，而这里无人应答：要删除，请加上 --yes。目前什么都没有删除。',
  'already-there': '{path} 处已有内容，请换个位置，或先把它移走。',
  'no-permission': '没有读写 {path} 的权限，请修改权限或换个位置。',
  'not-a-folder': '{path} 中有一段是文件而不是文件夹，请换个位置。',
  'not-a-file': '这里需要文件，而 {path} 是文件夹，请指明文件本身。',
  'disk-full': '磁盘已满，{path} 没能写入；请在该处腾出空间后重试。',
  'name-too-long': '路径 {path} 或其中的某个名称超过系统允许的长度，请换个短一些的。',
  'links-in-a-circle': '路径 {path} 中的链接互相指向，绕成了圈；请指明文件或文件夹本身，或修好这些链接。',
  'path-with-nul': '路径 {path} 含有零字节（NUL），任何路径都不允许；请去掉它。',
  'too-many-open-files': '无法再打开文件，已达到{limit}的上限；请关闭其他程序，或提高上限（ulimit -n）。',
  'device-failed':
    '系统既不能读取也不能写入 {path}（{problem}）；请查看其磁盘或网络驱动器是否连接正常，以及文件是否被其他程序占用。',
  'system-refused': '系统拒绝了实验室需要的操作：{problem}。',
  'output-unwritable': '无法写入标准输出（{problem}），结果已丢失；请把输出送到可以写入且有空间的地方。',
  'not-enough-space':
    '大约需要 {needed}，而 {path} 处只剩 {free}；请少保留几轮、腾出空间，或换一个数据文件夹。',

  'loss-not-finite':
    '第 {round} 轮第 {step} 步时，损失“{term}”不再是有限的数；训练已停止，之前各轮都已保留。可以试试更小的学习率。',
  'source-loss-not-finite':
    '源域阶段第 {epoch} 遍第 {step} 步时，损失不再是有限的数；训练已停止。可以试试更小的学习率。',
  'worker-died': '进程“{worker}”意外结束（{signal}）；完成的各轮都已保留，可以继续这次运行。',
  'native-missing': '无法加载 TensorFlow 原生库（系统的说明：{problem}），请重新运行安装：npm run setup',
  'not-running': '运行“{run}”现在没有在训练。',
  'port-taken': '端口 {port} 已被其他程序占用；请用 --port 换一个，或不写以自动选择空闲端口。',
  'port-not-allowed':
    '没有使用端口 {port} 的权限；请用 --port 选择 1024 或以上的端口，或不写以自动选择空闲端口。',

  'step-reads-value': '训练步骤“{step}”在执行中读回了数值（{tensor}）；作为计算图，它只能用张量计算。',
  'step-op-unsupported': '训练步骤“{step}”中的运算 {op} 无法记录：结果的形状取决于数值，或每次调用都不同。',
  'step-attribute-unknown': '训练步骤“{step}”中运算 {op} 的属性 {attribute} 属于无法记录的类型。',
  'step-constant-too-large':
    '训练步骤“{step}”用到了外部形状为 {shape} 的张量（{bytes} 字节；常量最多 {most} 字节），请把它改为输入或常驻张量。',
  'step-not-repeatable':
    '训练步骤“{step}”每次运行给 {op} 的数值都不同；请把会变的量（例如随机数）作为输入传入。',
  'step-variable-unlisted': '训练步骤“{step}”创建、读取或修改了没有列为其所有的变量“{variable}”。',
  'step-wrong-input': '训练步骤“{step}”的输入“{input}”是 {found}，而编译时是 {expected}。',
  'graph-refused': 'TensorFlow 拒绝了训练步骤的计算图，它的原话是：{problem}',
  'graph-differs': '训练步骤“{step}”的计算图给出“{output}”为 {graph}，而步骤本身给出 {eager}。',

  'layout-unknown': '这个实验的网络都没有声明张量“{tensor}”，因此无法确定其数值的排列顺序。',
  'contract-violation': '实验室的两个部分没能互相理解（{where}），技术细节：{problem}',
  unexpected: '发生了实验室没有预料到的错误，技术细节：{problem}',
} as const satisfies ErrorSentences
