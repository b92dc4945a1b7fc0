package dev.ringlet.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets which CPU, on machines that are not here. */
final class PlacementTest {
  private static final CpuSet DESKTOP = Machines.of(1, 1, 4, 2);
  private static final CpuSet SERVER = Machines.of(2, 2, 2, 2);

  private static String order(Placement placement, int executors, CpuSet machine) {
    return placement.assign(executors, machine).stream()
        .map(CpuSet::toString)
        .collect(Collectors.joining(" "));
  }

  @Test
  void spreadingTakesAllCoresBeforeSiblings() {
    assertEquals("0 1 2 3 4 5 6 7", order(Placement.maxSpread(), 8, DESKTOP));
  }

  @Test
  void packingFillsACoreBeforeTheNext() {
    assertEquals("0 4 1 5 2 6 3 7", order(Placement.maxPack(), 8, DESKTOP));
  }

  /** Nodes 0 and 1 have the cores 0 to 3 and 4 to 7, sockets two of them each. */
  @Test
  void spreadingGoesFromNodeToNodeThenFromSocketToSocketThenFromCoreToCore() {
    assertEquals("0 4 2 6 1 5 3 7 8 12 10 14 9 13 11 15", order(Placement.maxSpread(), 16, SERVER));
  }

  @Test
  void packingFillsSocketsAndNodesBeforeTheNext() {
    assertEquals("0 8 1 9 2 10 3 11 4 12 5 13 6 14 7 15", order(Placement.maxPack(), 16, SERVER));
  }

  /** A socket with two nodes in it, as some processors have. */
  @Test
  void aSocketMayHaveSeveralNodes() {
    CpuSet machine =
        CpuSet.of(
            new Cpu(0, 0, 0, 0), new Cpu(1, 1, 0, 0), new Cpu(2, 2, 0, 1), new Cpu(3, 3, 0, 1));
    assertEquals("0 2 1 3", order(Placement.maxSpread(), 4, machine));
    assertEquals("0 1 2 3", order(Placement.maxPack(), 4, machine));
  }

  /** Node 1 is smaller, so it gets fewer: what counts is the part that is taken. */
  @Test
  void unevenNodesAreTakenInProportion() {
    CpuSet machine =
        CpuSet.of(
            new Cpu(0, 0, 0, 0),
            new Cpu(1, 1, 0, 0),
            new Cpu(2, 2, 0, 0),
            new Cpu(3, 3, 0, 0),
            new Cpu(4, 4, 1, 1),
            new Cpu(5, 5, 1, 1));
    assertEquals("0 4 1 2 5 3", order(Placement.maxSpread(), 6, machine));
  }

  @Test
  void cpusThatAreOfflineOrForbiddenAreLeftOut() {
    CpuSet part = SERVER.filter(cpu -> cpu.number() % 3 != 0);
    String order = order(Placement.maxSpread(), part.size(), part);
    assertEquals(part.size(), Arrays.stream(order.split(" ", -1)).distinct().count());
    assertTrue(Arrays.stream(order.split(" ", -1)).noneMatch("0"::equals), order);
  }

  @Test
  void eachCpuIsTakenOnceHoweverManyThereAre() {
    for (int executors = 1; executors <= SERVER.size(); executors++) {
      for (Placement placement : List.of(Placement.maxSpread(), Placement.maxPack())) {
        List<CpuSet> sets = placement.assign(executors, SERVER);
        assertEquals(executors, sets.stream().distinct().count());
        assertTrue(sets.stream().allMatch(set -> set.size() == 1));
      }
    }
  }

  @Test
  void theRestDoesAsItIsTold() {
    CpuSet node0 = SERVER.filter(cpu -> cpu.node() == 0);
    assertEquals(List.of(CpuSet.empty(), CpuSet.empty()), Placement.unbound().assign(2, SERVER));
    assertEquals("7", order(Placement.fixed(7), 1, SERVER));
    assertEquals("0-3,8-11 0-3,8-11 0-3,8-11", order(Placement.fenced(node0), 3, SERVER));
    assertEquals("0 2 1", order(Placement.maxSpread(node0), 3, SERVER));
    assertEquals(
        List.of(node0, CpuSet.empty()),
        Placement.custom(List.of(node0, CpuSet.empty())).assign(2, SERVER));
  }

  @Test
  void whatCannotBeIsAnErrorThatNamesIt() {
    CpuSet large = Machines.of(1, 1, 32, 1).filter(cpu -> cpu.number() >= 16);
    assertRefused("maxSpread", "9 executors", () -> Placement.maxSpread().assign(9, DESKTOP));
    assertRefused("maxPack", "available are 8", () -> Placement.maxPack().assign(9, DESKTOP));
    assertRefused("fixed(99)", "CPU 99", () -> Placement.fixed(99).assign(1, DESKTOP));
    assertRefused("fixed(1)", "2 executors", () -> Placement.fixed(1).assign(2, DESKTOP));
    assertRefused("fenced", "CPU 16-31", () -> Placement.fenced(large).assign(1, DESKTOP));
    assertRefused("fenced", "empty", () -> Placement.fenced(CpuSet.empty()).assign(1, DESKTOP));
    assertRefused("custom", "1 sets", () -> Placement.custom(List.of(DESKTOP)).assign(2, DESKTOP));
    assertRefused("unbound", "executors: 0", () -> Placement.unbound().assign(0, DESKTOP));
  }

  private static void assertRefused(String placement, String what, Runnable assignment) {
    String message = assertThrows(IllegalArgumentException.class, assignment::run).getMessage();
    assertTrue(message.startsWith("placement " + placement), message);
    assertTrue(message.contains(what), message);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 4", "4, 2"})
  void fencesTakeAnyNumberOfExecutors(int executors, int cpus) {
    CpuSet machine = Machines.of(1, 1, cpus, 1);
    assertEquals(executors, Placement.fenced(machine).assign(executors, machine).size());
  }
}
