// Course lists in the format of free-programming-books, with invented courses, authors and platforms.

export const arabicList = `<div dir="rtl" markdown="1">

### Index

* [C++](#cpp)
* [الحياكة](#الحياكة)
    * [الصوف](#الصوف)


### <a id="cpp"></a>C++

* [أساسيات&rlm; C++&lrm; للمبتدئين](https://courses.example.org/ar/cpp) - نورا التجريبية&rlm; (Nileschool&lrm;)


### الحياكة

* [غرز سهلة](https://courses.example.org/ar/knit) *(التسجيل مطلوب)*


#### الصوف

* [أنواع الصوف](https://courses.example.org/ar/wool) - Wool House


</div>
`

export const japaneseList = `### Index

* [0 - 入門](#0---入門)
* [人工知能](#人工知能)


### <a id="0---入門"></a>0 - 入門(はじめに)

* [折り紙入門](https://courses.example.org/ja/origami) - 架空太郎 （折紙学園） (アカウントが*必要*)


### 人工知能

* [再び折り紙](https://courses.example.org/ja/origami)
* [機械の夢](https://courses.example.org/ja/dreams)
`

export const hindiList = `### Index

* [हिन्दी व्याकरण](#व्याकरण)


### हिन्दी व्याकरण

* [क्‍या है संधि [HINDI]](https://courses.example.org/hi/sandhi) - काल्पनिक गुरु (Pathshala) *( :construction: in process)*
* [संधि फिर से](HTTPS://Courses.Example.org:443/hi/sandhi) - काल्पनिक गुरु
* [टूटा लिंक](hi/broken)
`
