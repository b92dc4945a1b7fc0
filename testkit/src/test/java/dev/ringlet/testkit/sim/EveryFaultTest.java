package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.testkit.Finding;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Connections, datagrams and files under all faults at once: all kinds come, nothing is found. */
final class EveryFaultTest {
  private static final int SEEDS = 60;
  private static final FaultPlan MORE =
      FaultPlan.harsh()
          .withVariety(false)
          .withProbability(Fault.DISK_FULL, 0.02)
          .withProbability(Fault.PARTITION, 0.005)
          .withProbability(Fault.CLOCK_JUMP, 0.002)
          .withProbability(Fault.CONNECTION_RESET, 0.01);

  private static void play(SimSystem sim) throws UnknownHostException {
    InetAddress one = InetAddress.getByName("10.1.0.1");
    InetAddress other = InetAddress.getByName("10.1.0.2");
    InetSocketAddress address = new InetSocketAddress(one, 7000);
    ExecutorPool pool = ExecutorPool.of(2).withReceiveBuffers(8, 2048).withLeakDetection(0);
    ActorSystem server = sim.start("server", pool, one);
    ActorSystem client = sim.start("client", pool, other);
    spawn(server, new Traffic.Echo(address), "echo");
    spawn(server, new Traffic.Files(sim.path("/file"), 10), "files");
    spawn(client, new Traffic.Client(address, 10), "client");
    spawn(client, new Traffic.Datagrams(20), "datagrams");
    sim.run(Duration.ofSeconds(20));
  }

  private static void spawn(ActorSystem system, Actor<Traffic.Event> actor, String name) {
    system.spawn(() -> actor, ActorOptions.named(name));
  }

  @Test
  void allFaultsComeAndNothingIsFound() {
    Set<Fault> seen = EnumSet.noneOf(Fault.class);
    SimOptions options = SimOptions.defaults().withFaults(MORE);
    for (long seed = 0; seed < SEEDS; seed++) {
      SimResult result = SimSystem.run(seed, options, EveryFaultTest::play).check();
      seen.addAll(result.faultCounts().keySet());
    }
    assertEquals(EnumSet.complementOf(EnumSet.of(Fault.SCRIPTED)), seen);
  }

  @Test
  void runsWithFaultsAreTheSameToo() {
    SimOptions options = SimOptions.defaults().withFaults(MORE);
    for (long seed = 0; seed < 5; seed++) {
      SimResult one = SimSystem.run(seed, options, EveryFaultTest::play);
      SimResult two = SimSystem.run(seed, options, EveryFaultTest::play);
      assertEquals(one.trace(), two.trace());
      assertEquals(one.traceHash(), two.traceHash());
      assertEquals(one.faultCounts(), two.faultCounts());
    }
  }

  @Test
  void theNamedPlansFindNothingEither() {
    for (FaultLevel level : FaultLevel.values()) {
      for (long seed = 0; seed < 20; seed++) {
        SimSystem.run(
                seed,
                SimOptions.defaults().withFaults(level.plan()),
                sim -> {
                  sim.forbid(Finding.MISUSE);
                  play(sim);
                })
            .check();
      }
    }
  }
}
