package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorInfo;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Supervision;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What actors are doing. */
@OnBothDrivers
final class CensusTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final String driver;
  private ActorSystem system;

  CensusTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 2);
  }

  @AfterEach
  void close() {
    // Messages that are held up are waited for, for a part of this.
    system.close(Duration.ofSeconds(1));
  }

  private static final class Held implements Actor<String> {
    @Override
    public void receive(String message, ActorContext<String> context) {
      if (message.equals("fail")) {
        throw new IllegalStateException("wanted by the test");
      } else if (message.equals("await")) {
        context.await(context.io().delay(LONG), (nothing, failure) -> {});
      }
    }
  }

  private ActorRef<String> held(String name, int executor, Mailbox mailbox, String how, int count) {
    ActorRef<String> actor =
        system.spawn(
            Held::new,
            ActorOptions.named(name)
                .onExecutor(system.executors().get(executor))
                .withMailbox(mailbox)
                .withSupervision(Supervision.restart().withBackoff(LONG, LONG, 0)));
    actor.tell(how);
    for (int i = 0; i < count; i++) {
      actor.tell("message");
    }
    return actor;
  }

  private List<ActorInfo> actors(int limit) {
    return Systems.get(system.actors(limit));
  }

  private static ActorInfo info(
      String name, int executor, String type, ActorInfo.State state, int mailboxSize) {
    return new ActorInfo("/test/" + name, type, executor, "default", state, mailboxSize);
  }

  @Test
  void theLongestMailboxesComeFirst() {
    String type = Held.class.getName();
    held("waiting", 0, Mailbox.unbounded(), "await", 3);
    held("bounded", 1, Mailbox.bounded(10, Mailbox.Overflow.REJECT), "await", 5);
    held("restarting", 1, Mailbox.unbounded(), "fail", 4);
    held("active", 0, Mailbox.unbounded(), "nothing", 1);
    List<ActorInfo> expected =
        List.of(
            info("bounded", 1, type, ActorInfo.State.WAITING, 5),
            info("restarting", 1, "", ActorInfo.State.RESTARTING, 4),
            info("waiting", 0, type, ActorInfo.State.WAITING, 3),
            info("active", 0, type, ActorInfo.State.ACTIVE, 0));
    Systems.awaitUntil(() -> actors(10).equals(expected));
    assertEquals(expected.subList(0, 2), actors(2));
    assertThrows(IllegalArgumentException.class, () -> system.actors(0));
  }

  @Test
  void childrenAndActorsThatWaitInTheirStartAreTold() {
    ActorRef<String> parent =
        system.spawn(
            () ->
                new Actor<String>() {
                  @Override
                  public void preStart(ActorContext<String> context) {
                    context.await(context.io().delay(LONG), (nothing, failure) -> {});
                    context.spawn(
                        Held::new,
                        ActorOptions.named("child")
                            .onExecutor(context.system().executors().get(1)));
                  }

                  @Override
                  public void receive(String message, ActorContext<String> context) {}
                },
            ActorOptions.named("parent").onExecutor(system.executors().get(0)));
    Systems.awaitUntil(() -> actors(9).size() == 2);
    assertEquals(ActorInfo.State.WAITING, state("/test/parent"));
    Systems.awaitUntil(() -> state("/test/parent/child") == ActorInfo.State.ACTIVE);
    system.stop(parent);
    Systems.awaitUntil(() -> actors(9).isEmpty());
  }

  private ActorInfo.State state(String path) {
    return actors(9).stream()
        .filter(actor -> actor.path().equals(path))
        .findFirst()
        .orElseThrow()
        .state();
  }

  @Test
  void anEndedSystemHasNoActors() {
    held("waiting", 0, Mailbox.unbounded(), "nothing", 0);
    system.close();
    assertEquals(List.of(), actors(1));
  }
}
