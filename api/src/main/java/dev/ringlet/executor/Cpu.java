package dev.ringlet.executor;

/**
 * A logical CPU and where it stands in the machine, as Linux tells in {@code
 * /sys/devices/system/cpu/cpuN/topology} and {@code /sys/devices/system/node}. Immutable.
 *
 * @param number the kernel's number
 * @param core the physical core, as the lowest number of its CPUs: siblings (SMT) have the same
 * @param socket the package, as the kernel counts
 * @param node the NUMA node, as the kernel counts
 */
public record Cpu(int number, int core, int socket, int node) implements Comparable<Cpu> {
  /** By number; two CPUs of one number are not told apart. */
  @Override
  public int compareTo(Cpu other) {
    return Integer.compare(number, other.number);
  }
}
