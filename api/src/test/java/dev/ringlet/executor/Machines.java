package dev.ringlet.executor;

import java.util.ArrayList;
import java.util.List;

/** Machines that are not here. */
final class Machines {
  private Machines() {}

  /**
   * CPUs as x86 kernels number them: first one of each core, over all sockets and nodes, then the
   * siblings.
   */
  static CpuSet of(int nodes, int socketsPerNode, int coresPerSocket, int threadsPerCore) {
    int cores = nodes * socketsPerNode * coresPerSocket;
    List<Cpu> cpus = new ArrayList<>();
    for (int thread = 0; thread < threadsPerCore; thread++) {
      for (int core = 0; core < cores; core++) {
        int socket = core / coresPerSocket;
        cpus.add(new Cpu(thread * cores + core, core, socket, socket / socketsPerNode));
      }
    }
    return CpuSet.of(cpus);
  }
}
