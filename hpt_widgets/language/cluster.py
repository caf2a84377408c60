"""The words of searches on a cluster."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "not_installed": Text(
        en="A cluster needs Dask, which is not installed here: run `make cluster`, or "
        "`python -m pip install -r requirements-cluster.txt`, in the project's folder.",
        zh="使用集群需要 Dask，这里还没有安装：请在项目文件夹里运行 `make cluster`，"
        "或 `python -m pip install -r requirements-cluster.txt`。",
    ),
    "installed": Text(
        en="Dask {version} is installed: searches can run on worker processes.",
        zh="已安装 Dask {version}：搜索可以在工作进程中运行。",
    ),
    "where": Text(
        en="where={value!r} is not allowed: None (this process), 'local', the address of a "
        "scheduler such as 'tcp://10.0.0.5:8786', a Cluster, or a client of Dask",
        zh="where={value!r} 不可用：可以是 None（本进程）、'local'、调度器的地址"
        "（如 'tcp://10.0.0.5:8786'）、Cluster，或 Dask 的 Client",
    ),
    "workers": Text(
        en="workers={value!r} must be a whole number from 1 to {most:,}",
        zh="workers={value!r} 必须是 1 到 {most:,} 之间的整数",
    ),
    "workers_elsewhere": Text(
        en="workers={value!r} is for where='local' only: the cluster at an address has its own",
        zh="workers={value!r} 只能与 where='local' 一起使用：别处的集群自有工作进程",
    ),
    "not_started": Text(
        en="the local cluster did not start: {reason}",
        zh="本机集群没有启动成功：{reason}",
    ),
    "no_answer": Text(
        en="no cluster answers at {address!r}: check the address, start one there with "
        "`dask scheduler`, or use where='local'",
        zh="{address!r} 处没有集群应答：请检查地址，用 `dask scheduler` 在那里启动一个，"
        "或改用 where='local'",
    ),
    "no_workers": Text(
        en="the cluster at {address!r} has no workers: start some with "
        "`dask worker {address} --nthreads 1 --nworkers -1`",
        zh="{address!r} 处的集群没有工作进程：请用 "
        "`dask worker {address} --nthreads 1 --nworkers -1` 启动",
    ),
    "versions": Text(
        en="{who} has {name} {there}, and here it is {here}: install the same "
        "version on both sides (requirements-cluster.txt pins them)",
        zh="{who} 上是 {name} {there}，这里是 {here}：两边请安装同一版本"
        "（见 requirements-cluster.txt）",
    ),
    "worker": Text(en="the worker {address}", zh="工作进程 {address}"),
    "scheduler": Text(en="the scheduler {address}", zh="调度器 {address}"),
    "closed": Text(
        en="this cluster is closed: make a new one with Cluster(…)",
        zh="这个集群已经关闭：请用 Cluster(…) 重新建立",
    ),
    "lost": Text(
        en="the connection to the cluster is lost; {landed} trials are in the record: "
        "run the same line again to continue from there",
        zh="与集群的连接已断开；记录中有 {landed} 次试验：再运行同一行，就会从那里继续",
    ),
    "workers_gone": Text(
        en="the cluster has had no worker for {seconds:.0f} seconds; {landed} trials are in the "
        "record: start workers, and run the same line again to continue from there",
        zh="集群已有 {seconds:.0f} 秒没有工作进程；记录中有 {landed} 次试验："
        "请启动工作进程，再运行同一行，就会从那里继续",
    ),
    "killed_workers": Text(
        en="the worker ended in the midst of it, on every attempt (too little memory?)",
        zh="每次尝试时，工作进程都中途终止（内存不够？）",
    ),
    "not_sent": Text(
        en="objective={value!r} cannot be sent to other processes: {reason}",
        zh="objective={value!r} 无法发送到其他进程：{reason}",
    ),
    "not_loaded": Text(
        en="the workers cannot load the objective: {reason}",
        zh="工作进程无法载入目标函数：{reason}",
    ),
    "on_progress": Text(
        en="on_progress= follows a training in this process only: leave it out on a cluster",
        zh="on_progress= 只能跟踪本进程中的训练：在集群上请不要设置",
    ),
    "task_not_sent": Text(
        en="a fit cannot be sent to the workers: {reason}",
        zh="训练任务无法发送到工作进程：{reason}",
    ),
}
