package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorFailure;
import dev.ringlet.actor.ActorRestarted;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.actor.SystemEvent;
import dev.ringlet.executor.ExecutorStats;
import java.util.Objects;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/**
 * What a system tells flight recordings. Not to be touched where the JDK has no flight recorder.
 * Any thread.
 */
final class FlightRecords implements Events.Sink {
  private final DefaultActorSystem system;
  private final Runnable hook = this::sample;

  FlightRecords(DefaultActorSystem system) {
    this.system = system;
    FlightRecorder.register(DeadLetterEvent.class);
    FlightRecorder.register(ActorFailureEvent.class);
    FlightRecorder.register(ActorRestartedEvent.class);
    FlightRecorder.addPeriodicEvent(ExecutorEvent.class, hook);
  }

  @Override
  public void close() {
    FlightRecorder.removePeriodicEvent(hook);
  }

  @Override
  public void accept(SystemEvent event) {
    if (event instanceof DeadLetter letter) {
      DeadLetterEvent.commit(letter);
    } else if (event instanceof ActorFailure failure) {
      ActorFailureEvent.commit(failure);
    } else if (event instanceof ActorRestarted restarted) {
      ActorRestartedEvent.commit(restarted);
    }
  }

  private void sample() {
    for (CoreExecutor executor : system.cores()) {
      ExecutorEvent.commit(system.name(), executor.stats());
    }
  }

  @Name("dev.ringlet.Executor")
  @Label("Executor")
  @Category("Ringlet")
  @Description("What an executor has done since it started")
  @StackTrace(false)
  @Period("1 s")
  static final class ExecutorEvent extends Event {
    @Label("System")
    String system = "";

    @Label("Executor")
    int executor;

    @Label("Messages handled")
    long messages;

    @Label("Messages from other threads")
    long remoteMessages;

    @Label("Living actors")
    long actors;

    @Label("Longest mailbox")
    long mailboxPeak;

    @Label("Waiting timers")
    long timers;

    @Label("Parks")
    long parks;

    @Label("Wake-ups by other threads")
    long wakeups;

    static void commit(String system, ExecutorStats stats) {
      ExecutorEvent event = new ExecutorEvent();
      event.system = system;
      event.executor = stats.index();
      event.messages = stats.messages();
      event.remoteMessages = stats.remoteMessages();
      event.actors = stats.actors();
      event.mailboxPeak = stats.mailboxPeak();
      event.timers = stats.timers();
      event.parks = stats.parks();
      event.wakeups = stats.wakeups();
      event.commit();
    }
  }

  @Name("dev.ringlet.DeadLetter")
  @Label("Dead letter")
  @Category("Ringlet")
  @Description("A message that nobody will handle")
  @StackTrace(false)
  static final class DeadLetterEvent extends Event {
    @Label("Recipient")
    String recipient = "";

    @Label("Sender")
    String sender = "";

    @Label("Message type")
    String messageType = "";

    @Label("Reason")
    String reason = "";

    static void commit(DeadLetter letter) {
      DeadLetterEvent event = new DeadLetterEvent();
      if (event.shouldCommit()) {
        event.recipient = letter.recipient();
        event.sender = Objects.requireNonNullElse(letter.sender(), "");
        event.messageType = letter.message().getClass().getName();
        event.reason = letter.reason().name();
        event.commit();
      }
    }
  }

  @Name("dev.ringlet.ActorFailure")
  @Label("Actor failure")
  @Category("Ringlet")
  @Description("A turn of an actor has thrown")
  @StackTrace(false)
  static final class ActorFailureEvent extends Event {
    @Label("Actor")
    String actor = "";

    @Label("Failure type")
    String failureType = "";

    static void commit(ActorFailure failure) {
      ActorFailureEvent event = new ActorFailureEvent();
      if (event.shouldCommit()) {
        event.actor = failure.actor();
        event.failureType = failure.failure().getClass().getName();
        event.commit();
      }
    }
  }

  @Name("dev.ringlet.ActorRestarted")
  @Label("Actor restarted")
  @Category("Ringlet")
  @Description("An actor has got a new instance after a failure")
  @StackTrace(false)
  static final class ActorRestartedEvent extends Event {
    @Label("Actor")
    String actor = "";

    static void commit(ActorRestarted restarted) {
      ActorRestartedEvent event = new ActorRestartedEvent();
      if (event.shouldCommit()) {
        event.actor = restarted.actor();
        event.commit();
      }
    }
  }
}
