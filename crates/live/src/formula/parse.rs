//! From a text to a formula.
//!
//! ```text
//! formula = [ "y =" | "f(x) =" ] sum
//! sum     = product { ("+" | "-") product }
//! product = sign { ["*" | "/"] sign }          "2x" is a product
//! sign    = { "-" | "+" } power
//! power   = atom [ "^" sign ]                  -x^2 is -(x^2), and 2^3^2 is 2^(3^2)
//! atom    = number | "x" | constant | function "(" sum { "," sum } ")" | "(" sum ")" | "|" sum "|"
//! ```

use super::function::{BINARY, CONSTANTS, UNARY};
use super::{Formula, LONGEST};
use crate::answer::Refusal;

/// How deep parentheses, signs and powers may be inside each other.
const DEEPEST: usize = 50;

/// The setting that a refusal names.
const FIELD: &str = "formula";

/// Names that mean another one.
const ALIASES: [(&str, &str); 6] = [
    ("π", "pi"),
    ("log", "ln"),
    ("sgn", "sign"),
    ("arcsin", "asin"),
    ("arccos", "acos"),
    ("arctan", "atan"),
];

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Sign(char),
}

struct Parser {
    /// The tokens, each with the position of its first character.
    tokens: Vec<(usize, Token)>,
    next: usize,
    /// The number of characters.
    end: usize,
    depth: usize,
    /// How many `|` are open.
    bars: usize,
}

fn refusal(position: usize, error: impl ToString) -> Refusal {
    Refusal::of(FIELD, error).at(position)
}

impl Formula {
    /// Reads a formula.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let letters: Vec<char> = text.chars().collect();
        if letters.len() > LONGEST {
            let error = format!("the formula is longer than {LONGEST} characters");
            return Err(refusal(LONGEST, error));
        }
        let tokens = tokens(&letters)?;
        if tokens.is_empty() {
            return Err(refusal(0, "the formula is empty; try sin(2 * pi * x)"));
        }
        let mut parser = Parser { tokens, next: 0, end: letters.len(), depth: 0, bars: 0 };
        parser.skip_name_of_the_function();
        let formula = parser.sum()?;
        match parser.peek() {
            None => Ok(formula),
            Some(token) => Err(parser.unexpected(&token.clone(), "the end of the formula")),
        }
    }
}

/// The numbers, names and signs of a formula.
fn tokens(letters: &[char]) -> Result<Vec<(usize, Token)>, Refusal> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let start = at;
        at += 1;
        let mut push = |token| tokens.push((start, token));
        match letter {
            _ if letter.is_whitespace() => {}
            '0'..='9' | '.' => {
                at = end_of_number(letters, start);
                let text: String = letters[start..at].iter().collect();
                let number = text.parse().ok().filter(|number: &f64| number.is_finite());
                let error = || refusal(start, format!("{text:?} is not a number"));
                push(Token::Number(number.ok_or_else(error)?));
                if letters.get(at) == Some(&'.') {
                    return Err(refusal(at, format!("a second point follows the number {text}")));
                }
            }
            // `x2` is a name, which nothing has; a power is written `x^2`.
            'π' => push(Token::Name("π".to_owned())),
            _ if letter.is_ascii_alphabetic() => {
                while letters.get(at).is_some_and(char::is_ascii_alphanumeric) {
                    at += 1;
                }
                push(Token::Name(letters[start..at].iter().collect()));
            }
            '*' if letters.get(at) == Some(&'*') => {
                at += 1;
                push(Token::Sign('^'));
            }
            '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' | '|' | '=' => push(Token::Sign(letter)),
            '−' | '–' => push(Token::Sign('-')),
            '·' | '×' | '∙' => push(Token::Sign('*')),
            '÷' | ':' => push(Token::Sign('/')),
            '²' | '³' => {
                push(Token::Sign('^'));
                push(Token::Number(if letter == '²' { 2.0 } else { 3.0 }));
            }
            _ => return Err(refusal(start, format!("{letter:?} has no meaning in a formula"))),
        }
    }
    Ok(tokens)
}

/// Where a number ends: digits with at most one point, and an exponent if digits follow it.
fn end_of_number(letters: &[char], start: usize) -> usize {
    let digits = |mut at: usize| {
        while letters.get(at).is_some_and(char::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(start);
    if letters.get(end) == Some(&'.') {
        end = digits(end + 1);
    }
    if matches!(letters.get(end), Some('e' | 'E')) {
        let signed = usize::from(matches!(letters.get(end + 1), Some('+' | '-')));
        let exponent = digits(end + 1 + signed);
        if exponent > end + 1 + signed {
            end = exponent;
        }
    }
    end
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    /// The position of the next token, or of the end.
    fn position(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(position, _)| *position)
    }

    fn take(&mut self, sign: char) -> bool {
        let is_next = self.peek() == Some(&Token::Sign(sign));
        self.next += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, sign: char) -> Result<(), Refusal> {
        if self.take(sign) {
            return Ok(());
        }
        let expected = format!("\"{sign}\"");
        Err(match self.peek() {
            None => refusal(self.end, format!("the formula ends where {expected} is expected")),
            Some(token) => self.unexpected(&token.clone(), &expected),
        })
    }

    fn unexpected(&self, token: &Token, expected: &str) -> Refusal {
        let found = match token {
            Token::Number(number) => number.to_string(),
            Token::Name(name) => name.clone(),
            Token::Sign(sign) => sign.to_string(),
        };
        refusal(self.position(), format!("expected {expected}, found \"{found}\""))
    }

    /// `y =` or `f(x) =`.
    fn skip_name_of_the_function(&mut self) {
        let names = |index: usize| self.tokens.get(index).map(|(_, token)| token.clone());
        let name = |text: &str| Some(Token::Name(text.to_owned()));
        let sign = |sign| Some(Token::Sign(sign));
        if names(0) == name("y") && names(1) == sign('=') {
            self.next = 2;
        }
        let of_x = [sign('('), name("x"), sign(')'), sign('=')];
        if names(0) == name("f") && (0..4).all(|index| names(index + 1) == of_x[index]) {
            self.next = 5;
        }
    }

    /// Parses something inside, no deeper than allowed.
    fn deeper(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<Formula, Refusal>,
    ) -> Result<Formula, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let error = format!("more than {DEEPEST} parentheses or signs are inside each other");
            return Err(refusal(self.position(), error));
        }
        let formula = parse(self)?;
        self.depth -= 1;
        Ok(formula)
    }

    fn sum(&mut self) -> Result<Formula, Refusal> {
        let mut sum = self.product()?;
        loop {
            if self.take('+') {
                sum = Formula::Sum(sum.into(), self.product()?.into());
            } else if self.take('-') {
                sum = Formula::Difference(sum.into(), self.product()?.into());
            } else {
                return Ok(sum);
            }
        }
    }

    fn product(&mut self) -> Result<Formula, Refusal> {
        let mut product = self.sign()?;
        loop {
            if self.take('/') {
                product = Formula::Quotient(product.into(), self.sign()?.into());
            } else if self.take('*') || self.is_factor_next() {
                product = Formula::Product(product.into(), self.sign()?.into());
            } else {
                return Ok(product);
            }
        }
    }

    /// Whether a factor follows without a sign, as in `2x`.
    fn is_factor_next(&self) -> bool {
        match self.peek() {
            Some(Token::Name(_) | Token::Sign('(')) => true,
            Some(Token::Sign('|')) => self.bars == 0,
            // `2 3` is rather a mistake than a product.
            _ => false,
        }
    }

    fn sign(&mut self) -> Result<Formula, Refusal> {
        if self.take('-') {
            let formula = self.deeper(Self::sign)?;
            return Ok(Formula::Negative(formula.into()));
        }
        if self.take('+') {
            return self.deeper(Self::sign);
        }
        self.power()
    }

    fn power(&mut self) -> Result<Formula, Refusal> {
        let base = self.atom()?;
        if self.take('^') {
            let exponent = self.deeper(Self::sign)?;
            return Ok(Formula::Power(base.into(), exponent.into()));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<Formula, Refusal> {
        let expected = "a number, x or a function";
        let Some(token) = self.peek().cloned() else {
            return Err(refusal(
                self.end,
                format!("the formula ends where {expected} is expected"),
            ));
        };
        match token {
            Token::Number(number) => {
                self.next += 1;
                Ok(Formula::Number(number))
            }
            Token::Name(name) => self.name(&name),
            Token::Sign('(') => {
                self.next += 1;
                let bars = std::mem::take(&mut self.bars);
                let inside = self.deeper(Self::sum)?;
                self.bars = bars;
                self.expect(')')?;
                Ok(inside)
            }
            Token::Sign('|') => {
                self.next += 1;
                self.bars += 1;
                let inside = self.deeper(Self::sum)?;
                self.bars -= 1;
                self.expect('|')?;
                let abs = UNARY.iter().find(|function| function.name == "abs");
                Ok(Formula::Unary(abs.expect("a function of the list"), inside.into()))
            }
            Token::Sign(_) => Err(self.unexpected(&token, expected)),
        }
    }

    /// The variable, a constant, or a function with its arguments.
    fn name(&mut self, written: &str) -> Result<Formula, Refusal> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == written);
        let name = alias.map_or(written, |(_, name)| name);
        let position = self.position();
        self.next += 1;
        if name == "x" {
            return Ok(Formula::X);
        }
        if let Some(constant) = CONSTANTS.iter().find(|constant| constant.name == name) {
            return Ok(Formula::Constant(constant));
        }
        if let Some(function) = UNARY.iter().find(|function| function.name == name) {
            let [argument] = self.arguments(name)?;
            return Ok(Formula::Unary(function, argument.into()));
        }
        if let Some(function) = BINARY.iter().find(|function| function.name == name) {
            let [first, second] = self.arguments(name)?;
            return Ok(Formula::Binary(function, first.into(), second.into()));
        }
        let known = "a formula has x, pi, e and functions such as sin, exp, sqrt and abs";
        Err(refusal(position, format!("there is no {written:?}; {known}")))
    }

    fn arguments<const N: usize>(&mut self, name: &str) -> Result<[Formula; N], Refusal> {
        self.expect('(')?;
        let bars = std::mem::take(&mut self.bars);
        let mut arguments = vec![self.deeper(Self::sum)?];
        while arguments.len() < N && self.take(',') {
            arguments.push(self.deeper(Self::sum)?);
        }
        self.bars = bars;
        let numbers = if N == 1 { "1 number" } else { "2 numbers" };
        let is_next = |sign| self.peek() == Some(&Token::Sign(sign));
        if arguments.len() < N || is_next(',') {
            let error = format!("{name} takes {numbers}");
            return Err(refusal(self.position(), error));
        }
        self.expect(')')?;
        arguments
            .try_into()
            .map_err(|_| refusal(self.position(), format!("{name} takes {numbers}")))
    }
}
