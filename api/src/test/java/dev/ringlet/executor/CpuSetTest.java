package dev.ringlet.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of CPUs, the kernel's lists of them, and what it tells about this machine and others. */
final class CpuSetTest {
  @TempDir private Path root;

  private final CpuSet all = Machines.of(1, 2, 2, 2);
  private final CpuSet low = all.filter(cpu -> cpu.number() < 5);
  private final CpuSet high = all.filter(cpu -> cpu.number() >= 3);

  @Test
  void setsAreCombined() {
    assertEquals("0-7", low.union(high).toString());
    assertEquals("3-4", low.intersection(high).toString());
    assertEquals("0-2", low.difference(high).toString());
    assertEquals("0-2,5-7", low.symmetricDifference(high).toString());
    assertEquals(all, low.union(high));
    assertEquals(all.hashCode(), low.union(high).hashCode());
    assertTrue(low.difference(high).isDisjointFrom(high));
    assertFalse(low.isDisjointFrom(high));
    assertTrue(low.isSubsetOf(all));
    assertFalse(all.isSubsetOf(low));
    assertTrue(CpuSet.empty().isSubsetOf(low));
    assertTrue(CpuSet.empty().isEmpty());
    assertEquals(5, low.size());
    assertEquals(3, high.iterator().next().number());
    assertTrue(low.contains(new Cpu(0, 0, 0, 0)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 | 0", "0-3 | 0-3", "0-3,8 | 0-3,8", "8,0-3 | 0-3,8", "0,1,2 | 0-2", "'' | ''"})
  void listsAreReadAsTheKernelWritesThem(String list, String canonical) {
    assertEquals(canonical, CpuList.text(CpuList.parse(list + "\n")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "3-1", "1-2-3", "1,,2", "-1", "99999999999", "1-"})
  void aBadListIsNamed(String list) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> CpuList.parse(list)).getMessage();
    assertTrue(message.contains('"' + list + '"'), message);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }

  private void cpu(int number, String siblings, int socket, int node) throws IOException {
    String folder = "sys/devices/system/cpu/cpu" + number;
    write(folder + "/topology/thread_siblings_list", siblings);
    write(folder + "/topology/physical_package_id", String.valueOf(socket));
    write(folder + "/node" + node + "/cpumap", "");
  }

  @Test
  void theTopologyIsReadAndCpusetsHold() throws IOException {
    write("sys/devices/system/cpu/online", "0-2,4-7");
    write("proc/thread-self/status", "Name:\tx\nCpus_allowed_list:\t0-5");
    cpu(0, "0,4", 0, 0);
    cpu(1, "1,5", 0, 0);
    cpu(2, "2,6", 1, 1);
    cpu(4, "0,4", 0, 0);
    cpu(5, "1,5", 0, 0);
    CpuSet expected =
        CpuSet.of(
            new Cpu(0, 0, 0, 0),
            new Cpu(1, 1, 0, 0),
            new Cpu(2, 2, 1, 1),
            new Cpu(4, 0, 0, 0),
            new Cpu(5, 1, 0, 0));
    CpuSet read = new CpuTopology(root).available();
    assertEquals(expected, read);
    assertEquals(expected.stream().toList(), read.stream().toList());
  }

  @Test
  void aMachineThatTellsNothingMoreHasCoresOnly() throws IOException {
    write("sys/devices/system/cpu/online", "0-1");
    write("sys/devices/system/cpu/cpu0/topology/physical_package_id", "-1");
    Files.createDirectories(root.resolve("sys/devices/system/cpu/cpu1"));
    assertEquals(
        CpuSet.of(new Cpu(0, 0, 0, 0), new Cpu(1, 1, 0, 0)), new CpuTopology(root).available());
  }

  @Test
  void whereNothingIsToldTheVirtualMachineIsAsked() {
    assertEquals(
        Runtime.getRuntime().availableProcessors(), new CpuTopology(root).available().size());
  }

  @Test
  void thisMachineIsAsTheKernelSays() throws IOException {
    Path online = Path.of("/sys/devices/system/cpu/online");
    assumeTrue(Files.exists(online), "not Linux");
    BitSet numbers = CpuList.parse(Files.readString(online));
    CpuSet available = CpuSet.available();
    assertFalse(available.isEmpty());
    assertTrue(available.stream().allMatch(cpu -> numbers.get(cpu.number())));
    assertTrue(available.stream().allMatch(cpu -> cpu.core() <= cpu.number()));
    assertEquals(
        available.size(), Placement.maxSpread().assign(available.size(), available).size());
  }
}
