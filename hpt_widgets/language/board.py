"""The words of the class board: its commands, its answers, and the projector's page."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    # Tasks
    "training_size": Text(
        en="training_size={value!r} must be a number of samples, 1 or more",
        zh="training_size={value!r} 必须是样本数，且不小于 1",
    ),
    "task_name": Text(
        en="name={value!r} must be one line of at most {most} characters",
        zh="name={value!r} 必须是一行文字，不超过 {most} 个字符",
    ),
    "plan_number": Text(
        en="{name}={value!r} must be a whole number from {least} to {most:,}",
        zh="{name}={value!r} 必须是 {least} 到 {most:,} 之间的整数",
    ),
    "free": Text(
        en="free={value!r} must be one or more of {allowed}",
        zh="free={value!r} 必须是以下超参数中的一个或多个：{allowed}",
    ),
    "other_data": Text(
        en="these data have the fingerprint {found}, those of the task {wanted}",
        zh="这些数据的指纹是 {found}，任务的数据指纹是 {wanted}",
    ),
    "unknown_field": Text(
        en="a task has no field {name!r}",
        zh="任务没有名为 {name!r} 的字段",
    ),
    # Runs
    "fingerprint": Text(
        en="data={value!r} is no fingerprint of data",
        zh="data={value!r} 不是数据指纹",
    ),
    "run_id": Text(
        en="id={value!r} is no UUID",
        zh="id={value!r} 不是 UUID",
    ),
    "too_large": Text(
        en="the run is larger than {most:,} bytes",
        zh="这次训练的记录超过了 {most:,} 字节",
    ),
    "not_a_run": Text(
        en="this is no run of a lab: {reason}",
        zh="这不是实验台的训练记录：{reason}",
    ),
    "unknown_hyperparameter": Text(
        en="the board takes runs of the workbook's network, and {name!r} is none of its "
        "hyperparameters",
        zh="班级看板只接收本教程网络的训练记录，而 {name!r} 不是该网络的超参数",
    ),
    "out_of_range": Text(
        en="{name}={value!r} must lie between 0 and {most:g}",
        zh="{name}={value!r} 必须在 0 与 {most:g} 之间",
    ),
    # Students
    "code": Text(
        en="code={value!r} is no class code: two English words, such as 'maple-river'",
        zh="code={value!r} 不是班级口令：口令是两个英文单词，例如 'maple-river'",
    ),
    "nickname": Text(
        en="nickname={value!r} must be 1 to {most} letters or digits (spaces, hyphens, "
        "underscores and dots between them are allowed, and an apostrophe between two letters)",
        zh="nickname={value!r} 必须由 1 到 {most} 个文字或数字组成"
        "（中间可以有空格、连字符、下划线和点，字母之间可以有撇号）",
    ),
    "full": Text(
        en="this class has {most:,} students already, and takes no more",
        zh="这个班已有 {most:,} 名学生，不能再加入",
    ),
    # The store
    "not_opened": Text(
        en="the board's file {path} cannot be opened ({reason})",
        zh="无法打开看板的文件 {path}（{reason}）",
    ),
    "other_format": Text(
        en="the board's file {path} has the format {found!r}, and this version reads {known} "
        "alone: open it with the version that made it, or choose another --folder",
        zh="看板的文件 {path} 的格式是 {found!r}，而当前版本只能读取格式 {known}："
        "请用创建它的版本打开，或用 --folder 另选文件夹",
    ),
    "not_kept": Text(
        en="the board's disk takes nothing more ({reason}); the runs wait in the labs. "
        "Make room for {path}",
        zh="看板所在的磁盘无法写入（{reason}）；训练记录会留在各实验台中等待。请为 {path} 腾出空间",
    ),
    "is_closing": Text(
        en="the board is being closed; the runs wait in the labs",
        zh="看板正在关闭；训练记录会留在各实验台中等待",
    ),
    # What a lab is answered
    "bad_request": Text(
        en="the board could not read the request ({reason})",
        zh="看板无法读取请求（{reason}）",
    ),
    "wrong_code": Text(
        en="the class code is not right: look at the projector again",
        zh="班级口令不对：请再看一下投影",
    ),
    "too_many_codes": Text(
        en="there were too many wrong class codes: wait a minute",
        zh="输错口令的次数太多：请等一分钟",
    ),
    "nickname_refused": Text(
        en="the board does not take the nickname {nickname!r}",
        zh="看板不接受昵称 {nickname!r}",
    ),
    "full_refused": Text(
        en="the class has as many students as the board takes",
        zh="本班人数已达看板的上限",
    ),
    "unknown_student": Text(
        en="you are not on the board (any more)",
        zh="你不在（或已不在）看板上",
    ),
    "other_class": Text(
        en="another class, or another board, is there now",
        zh="现在是另一个班，或另一个看板",
    ),
    "forgotten_refused": Text(
        en="your teacher has taken you off the board: ask before you join again",
        zh="老师已把你从看板上移除：重新加入之前请先询问老师",
    ),
    "too_many_students": Text(
        en="very many are joining at once from your network: you are let in a little later",
        zh="你所在的网络同时加入的人太多：稍后就能加入",
    ),
    "too_many_runs": Text(
        en="more than {most} runs a minute: the rest waits, and is sent a little later",
        zh="每分钟超过 {most} 次训练：其余的会等一会儿再发送",
    ),
    "hub_refused": Text(
        en="the hub does not let your account use the board: ask your teacher",
        zh="Hub 不允许你的账号使用看板：请询问老师",
    ),
    "hub_silent": Text(
        en="the hub does not answer the board",
        zh="Hub 没有应答看板的询问",
    ),
    "disk_full": Text(
        en="the board's disk is full: your runs wait here until there is room",
        zh="看板所在的磁盘已满：你的训练记录会在这里等到有空间为止",
    ),
    # Commands
    "task_opened": Text(
        en="The task “{name}” is open; free are {free}.",
        zh="任务“{name}”已发布；可以调的是 {free}。",
    ),
    "reference_begins": Text(
        en="Training random search and TPE on this task ({total} runs; what is there already is "
        "kept, and Ctrl-C breaks off)…",
        zh="正在为这个任务运行随机搜索和 TPE（共 {total} 次训练；"
        "已有的会保留，按 Ctrl-C 可中断）……",
    ),
    "reference_trial": Text(
        en="  {done}: {method} {result}",
        zh="  {done}：{method} {result}",
    ),
    "reference_seed": Text(
        en="  {done}: one setting, seed {seed} {result}",
        zh="  {done}：同一个设置，种子 {seed} {result}",
    ),
    "reference_broken_off": Text(
        en="Broken off. The same command goes on from here.",
        zh="已中断。再次运行同一条命令会从这里继续。",
    ),
    "reference_done": Text(
        en="The reference record is complete.",
        zh="对照记录已完成。",
    ),
    "lines_left_out": Text(
        en="{path}: {count} of its lines are no run that the board takes, and were left out (the "
        "first of them: {reason})",
        zh="{path}：有 {count} 行不是看板能接收的训练，已略过（其中第一行：{reason}）",
    ),
    "file_not_read": Text(
        en="{path} was not read ({reason})",
        zh="没有读取 {path}（{reason}）",
    ),
    "file_without_runs": Text(en="{path} holds no run yet", zh="{path} 里还没有训练"),
    "disk_is_slow": Text(
        en="the board's disk did not take its runs within {seconds:.0f} s; it is tried again",
        zh="看板的磁盘在 {seconds:.0f} 秒内没有写完其中的训练，稍后会重试",
    ),
    "runs_of_others": Text(
        en="{path}: runs that are on the board already, as those of {names}: {count} of {all}; "
        "they stay there unless that student is removed",
        zh="{path}：其中 {all} 次训练有 {count} 次已在看板上，记在 {names} 名下；"
        "除非移除该学生，否则不会改动",
    ),
    "file_renamed": Text(
        en="{path} was written under the name {writer}; on the board its runs are those of {name}",
        zh="{path} 写出时用的名字是 {writer}；在看板上，这些训练记在 {name} 名下",
    ),
    "files_not_looked_into": Text(
        en="In {path} only files whose names end in .csv (or .csv.txt) are read, none in folders "
        "below it; not looked into ({count}): {names}",
        zh="{path} 中只读取文件名以 .csv（或 .csv.txt）结尾的文件，不读取其中的子文件夹；"
        "未读取的有 {count} 个：{names}",
    ),
    "row_cut_short": Text(
        en="the line is cut short",
        zh="这一行不完整",
    ),
    "file_forgotten": Text(
        en="{path} was not read (to its end): its student has been deleted from the board",
        zh="没有读取（或没有读完）{path}：对应的学生已从看板上删除",
    ),
    "no_folder": Text(
        en="The folder {path} is not there yet; its files will be read when it is.",
        zh="文件夹 {path} 还不存在；出现之后会读取其中的文件。",
    ),
    "port_taken": Text(
        en="port {port} is taken; perhaps a board is open already. Choose another one with --port",
        zh="端口 {port} 已被占用；也许已经开着一个看板。请用 --port 选择另一个端口",
    ),
    "port_refused": Text(
        en="the board cannot listen on port {port} ({reason}). Choose another one with --port",
        zh="看板无法监听端口 {port}（{reason}）。请用 --port 选择另一个端口",
    ),
    "open": Text(
        en="The class board is open. Task: {task}\nYour page, for the projector: {page}",
        zh="班级看板已打开。任务：{task}\n投影用的页面：{page}",
    ),
    "no_reference": Text(
        en="There is nothing yet to hold the class against: `{command} board task` "
        "trains random search and TPE on a task, in some minutes before the lesson.",
        zh="目前还没有可以与全班对照的成绩：请在课前用 `{command} board task` "
        "发布任务，它会用几分钟运行随机搜索和 TPE。",
    ),
    "join": Text(
        en="Students join with {line}\nThe class code is {code}",
        zh="学生这样加入：{line}\n班级口令是 {code}",
    ),
    "shared": Text(
        en="Every computer of your network can connect. Ctrl-C ends the board.",
        zh="本网络中的所有电脑都可以连接。按 Ctrl-C 关闭看板。",
    ),
    "other_addresses": Text(
        en="If that is not the class's network: {addresses}",
        zh="如果这不是班级所在的网络：{addresses}",
    ),
    "not_shared": Text(
        en="Only this computer can connect; --share opens the board to the local network. Ctrl-C "
        "ends it.",
        zh="只有这台电脑可以连接；加上 --share 后，局域网内的电脑也能连接。按 Ctrl-C 关闭看板。",
    ),
    "on_hub": Text(
        en="Everybody with an account on the hub can join. Ctrl-C ends the board.",
        zh="有本 Hub 账号的人都可以加入。按 Ctrl-C 关闭看板。",
    ),
    "forwarded": Text(
        en="Only this computer can connect, and what forwards {address} to it; --share opens the "
        "board to the local network. Ctrl-C ends it.",
        zh="只有这台电脑，以及把 {address} 转发到这里的程序可以连接；"
        "加上 --share 后，局域网内的电脑也能连接。按 Ctrl-C 关闭看板。",
    ),
    "prefix": Text(
        en="--prefix={value!r} must be a path such as /board/: letters, digits and . _ ~ @ % -, "
        "with a slash between its parts",
        zh="--prefix={value!r} 必须是 /board/ 这样的路径：由英文字母、数字和 . _ ~ @ % - 组成，"
        "各段之间用斜杠隔开",
    ),
    "url": Text(
        en="--url={value!r} must be the whole address by which labs reach the board, such as "
        "http://board.school.example:8899/, in ASCII alone",
        zh="--url={value!r} 必须是学生访问看板的完整地址，例如 "
        "http://board.school.example:8899/，只能用 ASCII 字符",
    ),
    "no_csv_folder": Text(
        en="--csv={value!r} is a file: name the folder that students' files are put into",
        zh="--csv={value!r} 是一个文件：请写存放学生文件的文件夹",
    ),
    "behind_proxy": Text(
        en="Whoever reaches this address can connect. Ctrl-C ends the board.",
        zh="能打开这个地址的电脑都可以连接。按 Ctrl-C 关闭看板。",
    ),
    "no_hub": Text(
        en="--hub is for a board that a JupyterHub starts as its service (deploy/hub shows how); "
        "here none has. Without --hub the board works by itself",
        zh="--hub 只用于由 JupyterHub 作为服务启动的看板（做法见 deploy/hub），"
        "而现在并不是这样启动的。去掉 --hub，看板可以独立运行",
    ),
    "no_jupyterhub": Text(
        en="for --hub the package jupyterhub has to be installed here, in the hub's own version",
        zh="使用 --hub 需要在这里安装软件包 jupyterhub，版本与 Hub 相同",
    ),
    "kept_in": Text(
        en="Everything is kept in {folder}",
        zh="所有内容都保存在 {folder}",
    ),
    "closed": Text(
        en="The board is closed. All runs are kept; board export writes them to a file.",
        zh="看板已关闭。所有训练都已保存；用 board export 可以写入文件。",
    ),
    "not_exported": Text(
        en="{path} cannot be written ({reason})",
        zh="无法写入 {path}（{reason}）",
    ),
    "no_board_here": Text(
        en="there is no board in {folder}. Name the folder of yours with --folder: board says on "
        "opening where everything is kept",
        zh="{folder} 里没有看板。请用 --folder 写明看板所在的文件夹：打开看板时，"
        "终端会写出所有内容保存在哪里",
    ),
    "exported": Text(
        en="{count} runs were written to {path}.",
        zh="已把 {count} 次训练写入 {path}。",
    ),
    "no_such_name": Text(
        en="there is no student named {name!r} on the board (there are {names})",
        zh="看板上没有名为 {name!r} 的学生（现有：{names}）",
    ),
    "no_names": Text(
        en="there is no student named {name!r} on the board: nobody has joined yet",
        zh="看板上没有名为 {name!r} 的学生：还没有人加入",
    ),
    "forgotten": Text(
        en="{name} and {count} runs were deleted. The same lab is not let in again under this "
        "nickname; with another nickname and the class code it is, unless you draw a new code "
        "(board --new-code).",
        zh="已删除 {name} 及其 {count} 次训练。同一个实验台用这个昵称不能再加入；"
        "换个昵称并知道口令的话仍可加入，除非换一个口令（board --new-code）。",
    ),
    "cleared": Text(
        en="{count} students without a run were deleted. Those who are really there join again "
        "by themselves with their next run; where the class code has changed since they joined, "
        "they have to join with the present one.",
        zh="已删除 {count} 名没有训练记录的学生。真正在场的学生下一次训练结束时会自动重新加入；"
        "如果他们加入之后换过口令，就要用现在的口令重新加入。",
    ),
    "class_begun": Text(
        en="Class {number} has begun. The class code is {code}. Pages that were open ask for it; "
        "yours is in the hub's menu, or at the board's address with #teacher={teacher_key} "
        "behind it.",
        zh="第 {number} 个班已开始。班级口令是 {code}。已打开的页面会要求输入新口令；"
        "教师页面请从 Hub 的菜单打开，或在看板地址后面加上 #teacher={teacher_key}。",
    ),
    # A student's lab
    "address": Text(
        en="address={value!r} is no address of a board, such as '192.168.1.5:8899'",
        zh="address={value!r} 不是看板的地址，正确的写法如 '192.168.1.5:8899'",
    ),
    "no_board": Text(
        en="what answers there is no class board",
        zh="这个地址上应答的不是班级看板",
    ),
    "no_such_host": Text(
        en="no computer of this name was found: compare the address with the projector",
        zh="找不到这个名字的电脑：请对照投影检查地址",
    ),
    "nothing_listens": Text(
        en="no board is open there: compare the address with the projector",
        zh="这个地址上没有打开的看板：请对照投影检查地址",
    ),
    "too_slow": Text(
        en="nothing came back in time: is the address right, and this computer in the class's "
        "network?",
        zh="等待超时：地址对吗？这台电脑连着班级的网络吗？",
    ),
    "outbox_in_memory": Text(
        en="Runs that wait cannot be kept in your folder ({reason}), and are lost if the kernel "
        "ends before they are sent.",
        zh="无法在你的文件夹里保存等待发送的训练记录（{reason}）；若内核在发送之前结束，它们就会丢失。",
    ),
    "runs_refused": Text(
        en="The board did not take {count} of your runs: {reason}.",
        zh="看板没有接收你的 {count} 次训练：{reason}。",
    ),
    "other_ending": Text(
        en="path={value!r} must end in .csv, for the board reads no other file: such as "
        "{example!r}",
        zh="path={value!r} 必须以 .csv 结尾，看板不读取其他文件：例如 {example!r}",
    ),
    "no_runs": Text(
        en="there is no run to hand in yet: train one first",
        zh="还没有可以交的训练：请先训练一次",
    ),
    "other_file": Text(
        en="path={value!r} is a file that lab.hand_in has not written: it stays as it is. Choose "
        "a name that is free, such as {example!r}",
        zh="path={value!r} 这个文件已经存在，而且不是 lab.hand_in 写出的：它保持原样。"
        "请换一个还没有用过的文件名，例如 {example!r}",
    ),
    "changed_file": Text(
        en="path={value!r} holds runs, but number {number} of them cannot be read: has a "
        "spreadsheet changed the file? It stays as it is. Choose a name that is free, such as "
        "{example!r}",
        zh="path={value!r} 里有训练记录，但第 {number} 次训练无法读取：是不是用电子表格改过？"
        "文件保持原样。请换一个还没有用过的文件名，例如 {example!r}",
    ),
    "member_joining": Text(
        en="Joining the class at {address}…",
        zh="正在加入 {address} 的班级……",
    ),
    "member_joined": Text(
        en="In the class as {name}. Runs that end are sent.",
        zh="已加入班级，名字是 {name}。训练一结束就会发送。",
    ),
    "member_in_task": Text(
        en="In the class as {name}. Task: “{task}”.",
        zh="已加入班级，名字是 {name}。任务：“{task}”。",
    ),
    "member_waiting_one": Text(
        en="1 run waiting: no answer from {address} ({reason}). It is tried again.",
        zh="1 次训练等待发送：{address} 没有应答（{reason}）。稍后会再试。",
    ),
    "member_waiting": Text(
        en="{count} runs waiting: no answer from {address} ({reason}). They are tried again.",
        zh="{count} 次训练等待发送：{address} 没有应答（{reason}）。稍后会再试。",
    ),
    "member_no_answer": Text(
        en="No answer from {address} ({reason}). It is tried again; your runs wait until then.",
        zh="{address} 没有应答（{reason}）。稍后会再试；你的训练记录会等到那时。",
    ),
    "member_later_one": Text(
        en="1 run waiting: {reason}.",
        zh="1 次训练等待发送：{reason}。",
    ),
    "member_later": Text(
        en="{count} runs waiting: {reason}.",
        zh="{count} 次训练等待发送：{reason}。",
    ),
    "member_not_yet": Text(
        en="Not in the class yet: {reason}. It is tried again.",
        zh="还没有加入班级：{reason}。稍后会再试。",
    ),
    "member_lost": Text(
        en="No longer in the class: the class code is not right any more. It was changed, or "
        "another class or board has begun: join again with the code on the projector.",
        zh="已不在班级里：原来的口令不再有效。可能是换了口令，也可能是新的班开始了，或换了看板："
        "请用投影上的口令重新加入。",
    ),
    "member_waits_here_one": Text(
        en="1 run waits here.",
        zh="还有 1 次训练等待发送。",
    ),
    "member_waits_here": Text(
        en="{count} runs wait here.",
        zh="还有 {count} 次训练等待发送。",
    ),
    "member_refused": Text(
        en="Not in the class: {reason}.",
        zh="没有加入班级：{reason}。",
    ),
    "apart_data": Text(
        en="Your last run stands apart: it was trained on other data than the task's ({size:,} "
        "samples).",
        zh="你最近的一次训练不参加比较：所用的数据与任务不同（任务用 {size:,} 个样本）。",
    ),
    "apart_changed": Text(
        en="Your last run stands apart: its settings were changed while it ran.",
        zh="你最近的一次训练不参加比较：训练途中改过设置。",
    ),
    "apart_ended": Text(
        en="Your last run stands apart: it was stopped before its end.",
        zh="你最近的一次训练不参加比较：没有训练完就停了。",
    ),
    "apart_curve": Text(
        en="Your last run stands apart: its accuracy is not the one at the end of its curve.",
        zh="你最近的一次训练不参加比较：它的准确率与学习曲线的终点不一致。",
    ),
    "apart_setting": Text(
        en="Your last run stands apart: the task wants {name} = {wanted}.",
        zh="你最近的一次训练不参加比较：任务规定 {name} = {wanted}。",
    ),
    "member_over": Text(
        en="Another class has begun: your runs are kept with the class before. For the new one, "
        "join again.",
        zh="另一个班已经开始：你的训练仍记在原来的班里。若要加入新的班，请重新加入。",
    ),
    "member_left_out_one": Text(
        en="1 run of an earlier class was not sent.",
        zh="有 1 次训练属于以前的班，没有发送。",
    ),
    "member_left_out": Text(
        en="{count} runs of an earlier class were not sent.",
        zh="有 {count} 次训练属于以前的班，没有发送。",
    ),
    # The same beside a lab's state, in words that have room there
    "short_inside": Text(en="in the class", zh="已加入班级"),
    "short_outside": Text(en="not in the class", zh="不在班级里"),
    "short_joining": Text(en="joining…", zh="正在加入……"),
    "short_waiting": Text(en="{count} waiting", zh="{count} 次待发送"),
    "short_apart": Text(en="last run stands apart", zh="上次训练不参加比较"),
    "short_over": Text(en="another class has begun", zh="另一个班已开始"),
    # The panel in a lab
    "lab_open": Text(en="Join a class", zh="加入班级"),
    "lab_close": Text(en="Hide the class", zh="收起班级"),
    "lab_join": Text(en="Join", zh="加入"),
    "lab_again": Text(en="Join again", zh="重新加入"),
    "lab_outside": Text(
        en="This lab is not in the class: its runs are not sent. You joined before as {name}.",
        zh="这个实验台还没有加入班级，训练不会发送。你之前加入时的昵称是 {name}。",
    ),
    "lab_leave": Text(en="Leave", zh="离开"),
    "lab_address": Text(en="board's address", zh="看板地址"),
    "lab_address_example": Text(en="192.168.1.5:8899", zh="192.168.1.5:8899"),
    "lab_code": Text(en="class code", zh="班级口令"),
    "lab_code_example": Text(en="maple-river", zh="maple-river"),
    "lab_nickname": Text(en="nickname", zh="昵称"),
    "lab_nickname_example": Text(en="cedar-17", zh="cedar-17"),
    # After the lesson
    "no_such_student": Text(
        en="student={value!r} has no runs here (there are {allowed})",
        zh="student={value!r} 在这里没有训练（现有：{allowed}）",
    ),
    "class_number": Text(
        en="class_number={value!r} must be 1 or more",
        zh="class_number={value!r} 必须不小于 1",
    ),
    "no_runs_file": Text(
        en="path={value!r} is not there: name the file that `board export` has written",
        zh="path={value!r} 不存在：请写 `board export` 写出的文件",
    ),
    "runs_file_unread": Text(
        en="path={value!r} cannot be read ({reason}): name the file that `board export` has "
        "written",
        zh="无法读取 path={value!r}（{reason}）：请写 `board export` 写出的文件",
    ),
    "no_export": Text(
        en="{path} is no file of `board export`: its first columns are {expected}",
        zh="{path} 不是 `board export` 写出的文件：它的前几列应是 {expected}",
    ),
    "bad_row": Text(
        en="line {line} of {path} is no run ({reason})",
        zh="{path} 的第 {line} 行不是一次训练（{reason}）",
    ),
    # The page (its script fills the placeholders)
    "page_title": Text(en="Class board", zh="班级看板"),
    "page_comma": Text(en=", ", zh="、"),
    "page_colon": Text(en=": ", zh="："),
    "page_two_sentences": Text(en="{first} {second}", zh="{first}{second}"),
    # Kept as the task's name in the language in which it was opened.
    "page_default_task": Text(en="Who finds the best setting?", zh="谁能找到最好的设置？"),
    "page_no_task": Text(en="No task is open", zh="还没有发布任务"),
    "page_rule_samples": Text(en="{count} training samples", zh="{count} 个训练样本"),
    "page_rule_epochs_one": Text(en="1 epoch", zh="训练 1 轮"),
    "page_rule_epochs": Text(en="{count} epochs", zh="训练 {count} 轮"),
    "page_rule_any_seed": Text(en="any seed", zh="随机种子任选"),
    "page_rule_seed": Text(en="seed {seed}", zh="随机种子 {seed}"),
    "page_rule_free": Text(en="to\N{NO-BREAK SPACE}tune: {names}", zh="可调：{names}"),
    "page_score_students": Text(en="students", zh="学生"),
    "page_score_runs": Text(en="runs", zh="训练"),
    "page_score_different": Text(en="runs, {count} different", zh="训练（去重后 {count} 次）"),
    "page_different_note": Text(
        en="The same settings and seed give the same run, whoever trains it. Runs with equal "
        "settings and equal accuracy are counted once.",
        zh="设置和随机种子都相同，不管谁来训练，结果都一样。设置和准确率都相同的训练只算一次。",
    ),
    "page_score_class": Text(en="class", zh="全班"),
    "page_score_after": Text(en="{name} after {runs}", zh="{name} {runs} 次后"),
    "page_score_chance": Text(en="seed alone", zh="单凭种子"),
    "page_name_tpe": Text(en="TPE", zh="TPE"),
    "page_name_random": Text(en="random", zh="随机搜索"),
    "page_name_learning_rate": Text(en="learning rate", zh="学习率"),
    "page_name_batch_size": Text(en="batch size", zh="批大小"),
    "page_name_dropout_rate": Text(en="dropout rate", zh="dropout 率"),
    "page_name_hidden_units": Text(en="hidden units", zh="隐藏层神经元数"),
    "page_name_activation": Text(en="activation", zh="激活函数"),
    "page_name_optimizer": Text(en="optimiser", zh="优化器"),
    "page_name_weight_decay": Text(en="weight decay", zh="权重衰减"),
    "page_name_momentum": Text(en="momentum β", zh="动量 β"),
    "page_name_epsilon": Text(en="epsilon ε", zh="分母中的 ε"),
    "page_name_schedule": Text(en="rate schedule", zh="学习率调度"),
    "page_name_warm_up": Text(en="warm-up share", zh="预热比例"),
    "page_name_initial_scale": Text(en="initial scale", zh="初始权重倍数"),
    "page_name_parametrization": Text(en="parametrization", zh="参数化方式"),
    "page_name_base_width": Text(en="base width", zh="基准宽度"),
    "page_cloud_title": Text(en="All runs: validation accuracy", zh="所有训练：验证准确率"),
    "page_race_title": Text(en="Best so far", zh="目前最好成绩"),
    "page_race_note": Text(
        en="band: the same runs in other orders (90 %)", zh="色带：同样的训练换个顺序（90%）"
    ),
    "page_after_runs_one": Text(en="after 1 run", zh="1 次训练之后"),
    "page_after_runs": Text(en="after {count} runs", zh="{count} 次训练之后"),
    "page_after_runs_axis": Text(en="number of runs", zh="训练次数"),
    "page_chance_band": Text(
        en="chance of the seed: {scatter} points", zh="种子带来的波动：{scatter} 个百分点"
    ),
    "page_diverged": Text(en="diverged", zh="发散"),
    "page_no_reference": Text(
        en="Nothing to hold the class against yet: “board task” trains random search and TPE "
        "before the lesson.",
        zh="还没有可以对照的成绩：课前请用 board task 发布任务，它会运行随机搜索和 TPE。",
    ),
    "page_outlier": Text(
        en="{x} {value} (off the axis): {accuracy}", zh="{x} {value}（超出坐标轴）：{accuracy}"
    ),
    "page_dot": Text(en="{x} {value}: {accuracy}", zh="{x} {value}：{accuracy}"),
    "page_best_run": Text(en="Best run", zh="最好的一次"),
    "page_chosen_run": Text(en="Chosen run", zh="所选的一次"),
    "page_no_run_yet": Text(en="No run yet: who goes first?", zh="还没有人训练：谁先来？"),
    "page_all_diverged": Text(
        en="All runs diverged: none has an accuracy yet.",
        zh="所有训练都发散了，还没有准确率。",
    ),
    "page_last_runs": Text(en="Last runs", zh="最近几次"),
    "page_apart_one": Text(
        en="1 run is not of this task, and stands apart.",
        zh="另有 1 次训练不符合本任务，未计入。",
    ),
    "page_apart": Text(
        en="{count} runs are not of this task, and stand apart.",
        zh="另有 {count} 次训练不符合本任务，未计入。",
    ),
    "page_join_with": Text(en="Join:", zh="加入："),
    "page_join_title": Text(en="Join the class", zh="加入班级"),
    "page_welcome_how": Text(
        en="In the training lab: “Join a class”, or the line below in a cell",
        zh="在训练实验台下方点“加入班级”，或在单元格里运行下面这一行",
    ),
    "page_enter_address": Text(en="board's address", zh="看板地址"),
    "page_enter_code": Text(en="class code", zh="班级口令"),
    "page_qr_alt": Text(
        en="QR code of this page, for a telephone", zh="本页面的二维码，可用手机扫描"
    ),
    "page_qr_watch": Text(en="to watch on a telephone", zh="手机扫码可观看本页面"),
    "page_other_addresses": Text(
        en="If that is not the class's network: {addresses}",
        zh="如果这不是班级所在的网络：{addresses}",
    ),
    "page_not_shared": Text(
        en="Only this computer can connect. For a class: make board SHARE=1 (Windows: start.bat "
        "board --share)",
        zh="现在只有这台电脑可以连接。要让全班加入：make board SHARE=1"
        "（Windows：start.bat board --share）",
    ),
    "page_close": Text(en="Close", zh="关闭"),
    "page_button_join": Text(en="Join", zh="加入方式"),
    "page_button_names": Text(en="Names", zh="昵称"),
    "page_button_students": Text(en="Students", zh="学生"),
    "page_students_title": Text(en="Students of this class: {count}", zh="本班学生：{count} 人"),
    "page_students_none": Text(en="Nobody has joined yet.", zh="还没有人加入。"),
    "page_students_note": Text(
        en="Who is removed loses all runs, and is not let in again under the same nickname.",
        zh="移除后，该学生的全部训练会被删除，也不能再用同一个昵称加入。",
    ),
    "page_student_runs_one": Text(en="1 run", zh="1 次训练"),
    "page_student_runs": Text(en="{count} runs", zh="{count} 次训练"),
    "page_remove": Text(en="Remove", zh="移除"),
    "page_remove_run": Text(en="Remove this run", zh="移除这次训练"),
    "page_remove_who": Text(en="Remove {name}", zh="移除 {name}"),
    "page_remove_sure": Text(en="Really remove", zh="确定移除"),
    "page_remove_sure_who": Text(en="Really remove {name}", zh="确定移除 {name}"),
    "page_button_dark": Text(en="Dark", zh="深色"),
    "page_button_light": Text(en="Light", zh="浅色"),
    "page_button_language": Text(en="中文", zh="English"),
    "page_button_full": Text(en="Full screen", zh="全屏"),
    "page_axis_choice": Text(en="Hyperparameter along the axis", zh="横轴上的超参数"),
    "page_door_label": Text(en="Class code", zh="班级口令"),
    "page_door_button": Text(en="Open", zh="打开"),
    "page_door_code": Text(en="The class code is not right.", zh="班级口令不对。"),
    "page_door_wait": Text(
        en="Too many wrong codes. Wait {seconds} seconds.", zh="输错次数太多，请等 {seconds} 秒。"
    ),
    "page_door_changed": Text(
        en="The class code has changed, or another class has begun.",
        zh="班级口令已更换，或另一个班已经开始。",
    ),
    "page_no_connection": Text(
        en="The board does not answer; trying again…", zh="看板没有应答；正在重试……"
    ),
    "page_board_silent": Text(
        en="The board has not answered for a while: what stands here may be out of date.",
        zh="看板有一段时间没有应答：这里显示的可能不是最新的。",
    ),
    "page_board_full": Text(
        en="As many pages of the board are open as it lets in; trying again in a while…",
        zh="看板已打开的页面数达到上限；稍后会自动重试……",
    ),
    "page_problem_disk_full": Text(
        en="The board's disk is full: runs wait in the labs until there is room.",
        zh="看板所在的磁盘已满：训练记录会在各实验台中等到有空间为止。",
    ),
    "page_cloud_spoken_one": Text(
        en="1 run, {x} against validation accuracy",
        zh="共 1 次训练，横轴：{x}，纵轴：验证准确率",
    ),
    "page_cloud_spoken": Text(
        en="{count} runs, {x} against validation accuracy",
        zh="共 {count} 次训练，横轴：{x}，纵轴：验证准确率",
    ),
    "page_race_spoken_one": Text(
        en="After 1 run the class's best validation accuracy is {best}.",
        zh="1 次训练之后，全班最高的验证准确率是 {best}。",
    ),
    "page_race_spoken": Text(
        en="After {count} runs the class's best validation accuracy is {best}.",
        zh="{count} 次训练之后，全班最高的验证准确率是 {best}。",
    ),
    "page_curve_spoken": Text(en="learning curve of this run", zh="这次训练的学习曲线"),
}
