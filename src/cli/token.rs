//! `token …`: who may post. A token's secret is shown once and stored nowhere; making and taking back are grants in the log, with
//! who and when.

use clap::Subcommand;
use serde_json::json;
use smol_str::SmolStr;

use super::context::{CliError, Context, Done, clock};
use crate::desk::clock::{fresh_id, fresh_secret};
use crate::desk::{Denied, DeskHandle, Errand};
use crate::engine::{Intent, Order, Refusal};
use crate::intake::http::token::{
    RATE_DEFAULT, hash, is_name, length_ms, prefix, rate_per_min, scope_bits, scope_words, secret_text,
    signature,
};
use crate::model::actor::Role;
use crate::model::contact::clean_text;
use crate::model::lang::Lang;
use crate::store::Token;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; its secret is shown this once
    Add {
        /// Signs the log as http:NAME; a name is never used twice
        name: String,
        /// The source it speaks for; '*' for any
        #[arg(long)]
        source: String,
        /// What it may do: leads, followup, read
        #[arg(long, default_value = "leads")]
        scope: String,
        /// How often: 600/min, 10/s
        #[arg(long, value_name = "RATE")]
        rate: Option<String>,
        /// How long it lasts: 90d, 12h [default: until it is revoked]
        #[arg(long, value_name = "LENGTH")]
        expires: Option<String>,
    },
    /// List tokens, without their secrets
    List,
    /// Take a token back for good, at once
    Revoke { name: String },
}

/// Runs a `token` command.
///
/// # Errors
/// See [`CliError`].
pub fn token(ctx: &Context, command: &TokenCommand) -> Done {
    match command {
        TokenCommand::Add { name, source, scope, rate, expires } => {
            add(ctx, name, source, scope, rate.as_deref(), expires.as_deref())
        }
        TokenCommand::List => list(ctx),
        TokenCommand::Revoke { name } => revoke(ctx, name),
    }
}

fn usage(ctx: &Context, option: &str, given: &str, en: &str, zh: &str) -> CliError {
    CliError::Usage(format!("{option} {given:?}: {}", ctx.say(en, zh)))
}

fn add(
    ctx: &Context,
    name: &str,
    source: &str,
    scope: &str,
    rate: Option<&str>,
    expires: Option<&str>,
) -> Done {
    if !is_name(name) {
        let en = "a name has letters, digits, - _ . and at most 40 bytes";
        return Err(usage(ctx, "NAME", name, en, "名称由字母、数字和 - _ . 组成，最多 40 字节"));
    }
    let source = clean_text(source);
    if source.is_empty() {
        return Err(usage(
            ctx,
            "--source",
            &source,
            "name the source, or '*' for any",
            "请写明渠道，或用 '*' 表示任意",
        ));
    }
    let scopes = scope_bits(scope).ok_or_else(|| {
        usage(ctx, "--scope", scope, "there are leads, followup, read", "可用：leads, followup, read")
    })?;
    let rate_per_min = match rate {
        None => RATE_DEFAULT,
        Some(text) => rate_per_min(text).ok_or_else(|| {
            usage(ctx, "--rate", text, "write it as 600/min or 10/s", "请写成 600/min 或 10/s")
        })?,
    };
    let lasts = expires.map(|text| {
        length_ms(text).ok_or_else(|| {
            usage(ctx, "--expires", text, "write it as 90d, 12h or 30m", "请写成 90d、12h 或 30m")
        })
    });
    let lasts = lasts.transpose()?;
    let desk = ctx.desk(false)?;
    let handle = desk.handle();
    if ctx.read()?.tokens()?.iter().any(|token| token.name == name) {
        let text = ctx.say(
            "a token had this name already; choose another, so that the log stays clear",
            "该名称已用过；请换一个，以免日志混淆",
        );
        return Err(CliError::Refused(format!("{name}: {text}")));
    }
    // The grant comes first: it needs an admin, and a grant without a token lets nobody in.
    grant(ctx, handle, name, Some(Role::Coordinator))?;
    let chance = fresh_secret()?;
    let secret = secret_text(&chance);
    let now = handle.clock().now();
    let token = Token {
        name: name.into(),
        prefix: prefix(&secret).unwrap_or_default().into(),
        hash: hash(&secret),
        source: source.into(),
        scopes,
        rate_per_min,
        created_at: now,
        created_by: ctx.actor.name.clone(),
        expires_at: lasts.map(|ms| now.plus(ms)),
        revoked: None,
    };
    run_errand(ctx, handle, Errand::AddToken(Box::new(token.clone())))?;
    tell_added(ctx, &token, &secret);
    Ok(())
}

/// Puts the change on record, in the name of who makes it.
fn grant(ctx: &Context, handle: &DeskHandle, name: &str, role: Option<Role>) -> Done {
    let intent = Intent::Grant { actor: signature(name), role };
    let order = Order { id: fresh_id(), actor: ctx.actor.clone(), intent, seen: Vec::new() };
    match handle.submit_and_wait(order) {
        // An attempt that stopped half way left it so.
        Ok(_) | Err(Denied::Refused(Refusal::NothingToDo)) => Ok(()),
        Err(denied) => Err(ctx.denied(denied, None)),
    }
}

fn run_errand(ctx: &Context, handle: &DeskHandle, errand: Errand) -> Done<usize> {
    let done = handle.errand(errand).blocking_recv().unwrap_or(Err(Denied::Closing));
    done.map_err(|denied| ctx.denied(denied, None))
}

fn tell_added(ctx: &Context, token: &Token, secret: &str) {
    if ctx.json {
        let mut value = as_json(token);
        value["token"] = secret.into();
        println!("{value}");
        return;
    }
    println!("{secret}");
    // On stderr: `leadyard token add … > file` keeps the secret alone.
    eprintln!(
        "{}",
        ctx.say(
            "this is shown once and stored nowhere; send it as Authorization: Bearer …",
            "仅显示这一次，不会保存；请以 Authorization: Bearer … 发送",
        )
    );
}

fn as_json(token: &Token) -> serde_json::Value {
    json!({
        "name": token.name, "prefix": token.prefix, "source": token.source,
        "scope": scope_words(token.scopes), "rate_per_min": token.rate_per_min,
        "created_at": token.created_at.to_rfc3339(), "created_by": token.created_by,
        "expires_at": token.expires_at.map(|at| at.to_rfc3339()),
        "revoked_at": token.revoked.as_ref().map(|(at, _)| at.to_rfc3339()),
        "revoked_by": token.revoked.as_ref().map(|(_, by)| by),
    })
}

fn list(ctx: &Context) -> Done {
    let store = ctx.read()?;
    let tokens = store.tokens()?;
    if ctx.json {
        println!("{}", serde_json::Value::from(tokens.iter().map(as_json).collect::<Vec<_>>()));
        return Ok(());
    }
    let zone = chrono_tz::UTC;
    for token in &tokens {
        let end = match (&token.revoked, token.expires_at) {
            (Some((at, by)), _) => {
                format!(" · {} {} {by}", ctx.say("revoked", "已撤销"), clock(*at, zone))
            }
            (None, Some(at)) => format!(" · {} {}", ctx.say("until", "有效至"), clock(at, zone)),
            (None, None) => String::new(),
        };
        println!(
            "{:<16} {}… {} · {} · {}/min · {} {}{end}",
            token.name,
            token.prefix,
            token.source,
            scope_words(token.scopes),
            token.rate_per_min,
            clock(token.created_at, zone),
            token.created_by,
        );
    }
    Ok(())
}

fn revoke(ctx: &Context, name: &str) -> Done {
    let desk = ctx.desk(false)?;
    let handle = desk.handle();
    if ctx.read()?.tokens()?.iter().all(|token| token.name != name) {
        return Err(CliError::Refused(match ctx.lang {
            Lang::En => format!("there is no token {name:?}; see `token list`"),
            Lang::Zh => format!("没有令牌 {name:?}；见 token list"),
        }));
    }
    // The grant goes first, as it needs an admin: without it the token's orders are refused already.
    grant(ctx, handle, name, None)?;
    let (at, by) = (handle.clock().now(), ctx.actor.name.clone());
    run_errand(ctx, handle, Errand::RevokeToken { name: SmolStr::new(name), at, by })?;
    if ctx.json {
        println!("{}", json!({"name": name, "revoked": true}));
    } else {
        println!("{name}: {}", ctx.say("revoked", "已撤销"));
    }
    Ok(())
}
