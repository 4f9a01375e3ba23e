#!/bin/bash
# A real Slurm on one machine for tests: all state in one private folder, every port on loopback, up in under a second.
#   slurm-single.sh start|stop|status|env|kill-ctld|start-ctld|kill-node N|start-node N   [FOLDER in SLURM_SINGLE]
# Needs Debian/Ubuntu's slurm-wlm and munge (apt-get install -y --no-install-recommends slurm-wlm munge).
# NODES virtual nodes n1…nN (one slurmd each: Debian builds with multiple-slurmd), so that a node can be lost.
set -euo pipefail
action=${1:?start, stop, status, env, kill-ctld, start-ctld, kill-node N, start-node N}
root=${SLURM_SINGLE:-${TMPDIR:-/tmp}/slurm-single}
nodes=${NODES:-2} port=${SLURM_PORT:-26817}
host=$(hostname -s)
export SLURM_CONF=$root/slurm.conf PATH=$PATH:/usr/sbin

pid_of() { cat "$root/$1.pid" 2>/dev/null || true; }
# A zombie keeps its name until it is reaped, which in a container without an init is never: state Z counts as dead.
alive() { local pid; pid=$(pid_of "$1"); [ -n "$pid" ] && grep -qsE "^$pid \(${1%%-*}\) [^ZX]" "/proc/$pid/stat"; }
# Ends one daemon that this folder started, by its id: TERM, five seconds, KILL.
end() {
  local pid; pid=$(pid_of "$1")
  if alive "$1"; then
    kill -TERM "$pid" || true
    for _ in $(seq 50); do alive "$1" || break; sleep 0.1; done
    if alive "$1"; then kill -KILL "$pid" || true; fi
  fi
  rm -f "$root/$1.pid"
}
wait_for() { # seconds what command...
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    if (( SECONDS >= deadline )); then
      echo "slurm-single: $what did not come up" >&2
      for log in "$root"/*.log; do echo "== $log"; tail -n 8 "$log"; done >&2
      exit 1
    fi
    sleep 0.1
  done
}
configure() {
  umask 022
  mkdir -p "$root"/{state,munge}
  # munged refuses a socket folder that others may not enter, and a key or log that others may write.
  chmod 755 "$root" "$root/munge"
  [ -s "$root/munge/munge.key" ] || head -c 128 /dev/urandom > "$root/munge/munge.key"
  chmod 400 "$root/munge/munge.key"
  # 22.05: `disabled` is unknown, `cgroup/v2` is fatal on hybrid mounts; v1 touches nothing as long as no cgroup plugin is used.
  echo "CgroupPlugin=${CGROUP_PLUGIN:-cgroup/v1}" > "$root/cgroup.conf"
  local cpus memory
  cpus=$(( ($(nproc) + nodes - 1) / nodes )) memory=$(awk -v n="$nodes" '/MemTotal/ {print int($2/1024*0.8/n)}' /proc/meminfo)
  {
    cat <<CONF
ClusterName=single
# The name must be this machine's (hostname -s), else "not a valid controller"; the address in brackets is what is used.
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
# How long a requeued job waits before it starts again.
AuthInfo=socket=$root/munge/munge.socket,cred_expire=${CRED_EXPIRE:-120}
StateSaveLocation=$root/state
SlurmdSpoolDir=$root/spool-%n
SlurmctldPidFile=$root/slurmctld.pid
SlurmdPidFile=$root/slurmd-%n.pid
SlurmctldLogFile=$root/slurmctld.log
SlurmdLogFile=$root/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=${OVER_MEMORY:-OverMemoryKill}
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
# Without it a job takes all of a node's memory, and so runs alone.
DefMemPerCPU=1024
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$root/jobcomp.txt
# 2: a node that comes back is taken in again, without scontrol update state=resume.
ReturnToService=2
SlurmdTimeout=${SLURMD_TIMEOUT:-15}
SlurmctldTimeout=15
BatchStartTimeout=15
KillWait=${KILL_WAIT:-5}
UnkillableStepTimeout=20
MinJobAge=${MIN_JOB_AGE:-300}
MaxArraySize=${MAX_ARRAY_SIZE:-1001}
MaxJobCount=10000
JobRequeue=1
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
# Believes this file where it promises more than the machine has (else the node is INVAL: "Low RealMemory", "Low CPUs").
SlurmdParameters=config_overrides
PartitionName=main Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE DefaultTime=60 State=UP GraceTime=0
CONF
    for n in $(seq "$nodes"); do
      echo "NodeName=n$n NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + n)) CPUs=$cpus RealMemory=$memory State=UNKNOWN"
    done
  } > "$root/slurm.conf"
}
start_munge() {
  alive munged && return
  rm -f "$root"/munge/munge.socket* "$root/munged.pid"
  munged --force --socket="$root/munge/munge.socket" --key-file="$root/munge/munge.key" --pid-file="$root/munged.pid" \
    --log-file="$root/munged.log" --seed-file="$root/munge/munge.seed" --num-threads=2 </dev/null >/dev/null 2>&1
  wait_for 5 munged munge -n -S "$root/munge/munge.socket"
}
is_up() { scontrol ping | grep -q 'is UP'; }
start_ctld() {
  alive slurmctld || { rm -f "$root/slurmctld.pid"; slurmctld </dev/null >/dev/null 2>&1; }
  wait_for 10 slurmctld is_up
}
node_is_ready() { sinfo -h -N -n "$1" -o %T | grep -qxE 'idle|mixed|allocated'; }
start_node() {
  mkdir -p "$root/spool-n$1"
  alive "slurmd-n$1" || { rm -f "$root/slurmd-n$1.pid"; slurmd -N "n$1" </dev/null >/dev/null 2>&1; }
  # A controller that was lost and finds a job at a node which it does not know to have begun drains the node.
  sinfo -h -N -n "n$1" -o %T | grep -q drain && scontrol update NodeName="n$1" State=RESUME
  wait_for 15 "node n$1" node_is_ready "n$1"
}
daemons() { echo munged slurmctld; for n in $(seq "$nodes"); do echo "slurmd-n$n"; done; }

case $action in
  start)
    configure; start_munge; start_ctld
    for n in $(seq "$nodes"); do start_node "$n"; done
    sinfo -N -o '%N %T %cCPU %mMB' ;;
  stop) # the jobs first: slurmd leaves its steps running
    if alive slurmctld && is_up; then
      scancel --full -u "$(id -un)" 2>/dev/null || true
      for _ in $(seq 100); do [ -z "$(squeue -h 2>/dev/null)" ] && break; sleep 0.1; done
    fi
    for daemon in $(daemons | tr ' ' '\n' | tac); do end "$daemon"; done ;;
  status)
    for daemon in $(daemons); do if alive "$daemon"; then echo "$daemon $(pid_of "$daemon")"; else echo "$daemon -"; fi; done
    if alive slurmctld; then sinfo -N -o '%N %T %E'; fi ;;
  env) echo "export SLURM_CONF=$root/slurm.conf" ;;
  kill-ctld) kill -KILL "$(pid_of slurmctld)" ;;
  start-ctld) start_ctld ;;
  kill-node) kill -KILL "$(pid_of "slurmd-n${2:?which}")" ;;
  start-node) start_node "${2:?which}" ;;
  *) echo "slurm-single: unknown action $action" >&2; exit 2 ;;
esac
